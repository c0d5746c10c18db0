package dev.graft.standalone.chain;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recipes to run one after the other, and what their results are measured by.
 *
 * @param stages the recipes in order
 * @param measure what the adapters are measured by, or null for nothing
 * @param output directory of the report
 * @param overwrite whether runs that are there are begun anew
 */
public record StageChain(
        @Key(value = "The recipes in the order in which they run", required = true)
        List<Stage> stages,

        @Key("What the base and the adapters of the stages are measured by when all have run; left out, nothing")
        Measure measure,

        @Key(value = "Directory of the report, relative to the working directory", required = true)
        String output,

        @Key(
                value = "Whether runs that are already there are begun anew; otherwise what is finished is kept, and"
                        + " what was stopped goes on",
                defaultsTo = "false")
        boolean overwrite) {
    private static final Pattern PLAIN = Pattern.compile("[\\w-]+");

    /**
     * One stage.
     *
     * @param name its name
     * @param recipe its recipe
     */
    public record Stage(
            @Key(value = "The stage's name, of letters, digits, - and _", required = true)
            String name,

            @Key(
                    value = "Its recipe, a file beside this one; it may go on from the adapters of earlier stages",
                    required = true)
            String recipe) {}

    /**
     * What adapters are measured by.
     *
     * @param recipe a recipe whose objective, scorer and evaluation data are used
     * @param figure the figure of its evaluation
     * @param stages whose adapters are measured
     */
    public record Measure(
            @Key(
                    value =
                            "A recipe, a file beside this one, that says objective, scorer and evaluation data; nothing is"
                                    + " trained by it",
                    required = true)
            String recipe,

            @Key(value = "The figure of its evaluation that is compared, as graft eval names it", required = true)
            String figure,

            @Key("Names of the stages whose adapters are measured; left out, all")
            List<String> stages) {}

    /** Copies the list. */
    public StageChain {
        stages = stages == null ? List.of() : List.copyOf(stages);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it is not what is expected, naming the key
     */
    public static StageChain read(Path file) {
        YamlDocument document = YamlDocument.read(file);
        StageChain chain = ConfigurationBinder.bind(StageChain.class, document.tree(), "", document.source());
        chain.check(file);
        return chain;
    }

    /** The stages whose adapters are measured. */
    List<Stage> measured() {
        return measure == null
                ? List.of()
                : stages.stream()
                        .filter(stage -> measure.stages() == null
                                || measure.stages().isEmpty()
                                || measure.stages().contains(stage.name()))
                        .toList();
    }

    private void check(Path file) {
        if (stages.isEmpty()) {
            throw new ConfigurationException(file + ": key 'stages' is an empty list; at least one is needed");
        }
        Set<String> names = new HashSet<>();
        for (Stage stage : stages) {
            if (!PLAIN.matcher(stage.name()).matches() || !names.add(stage.name())) {
                throw new ConfigurationException(file + ": key 'stages' has the name '" + stage.name()
                        + "'; names must be of letters, digits, - and _, each its own");
            }
            require(file, "stages", stage.recipe());
        }
        if (measure == null) {
            return;
        }
        require(file, "measure.recipe", measure.recipe());
        for (String name : measure.stages() == null ? List.<String>of() : measure.stages()) {
            if (!names.contains(name)) {
                throw new ConfigurationException(
                        file + ": key 'measure.stages' names '" + name + "', but the stages are "
                                + stages.stream().map(Stage::name).toList());
            }
        }
    }

    private static void require(Path file, String key, String recipe) {
        if (!Files.isRegularFile(file.toAbsolutePath().resolveSibling(recipe))) {
            throw new ConfigurationException(
                    file + ": key '" + key + "' names the recipe '" + recipe + "', which is not beside it");
        }
    }
}
