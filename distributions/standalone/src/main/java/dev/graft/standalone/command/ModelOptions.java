package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.RecipeBase;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.inspect.AdapterInspector;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.terminal.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options by which commands that use a model are told which one. */
final class ModelOptions {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "A directory that graft train wrote: its model with its adapter.")
    private String run;

    @Option(
            names = "--model",
            paramLabel = "DIR|ID",
            description = "The base model: a directory, or an id on the hub. Left out, the run's, or the one that the"
                    + " adapter's files name.")
    private String model;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "An adapter: its directory, a run's directory, or an id on the hub; 'base' or '-' for none.")
    private List<String> adapters = new ArrayList<>();

    @Option(
            names = "--engine",
            paramLabel = "ID",
            defaultValue = Defaults.ENGINE,
            description = "The engine to run on. Default: ${DEFAULT-VALUE}.")
    private String engine;

    String engine() {
        return engine;
    }

    /**
     * What was chosen, with adapters as the directories they are in.
     *
     * @throws ConfigurationException if nothing was, or something that does not exist
     */
    ModelChoice choose(PluginRegistry plugins, Console console) {
        List<String> found = new ArrayList<>();
        for (String adapter : adapters) {
            found.add(
                    ModelChoice.isBase(adapter)
                            ? ModelChoice.BASE
                            : adapter(adapter, console).toString());
        }
        if (run != null) {
            return ofRun(plugins, console, found);
        }
        return new ModelChoice(ModelPath.resolve(model(plugins, found), console), found, null);
    }

    private ModelChoice ofRun(PluginRegistry plugins, Console console, List<String> given) {
        if (model != null) {
            throw new ConfigurationException(
                    "RUN and --model are both given; a run has its own model, so only one of them is allowed");
        }
        RunDirectory directory = new RunDirectory(Path.of(run));
        if (!Files.isDirectory(directory.root())) {
            throw new ConfigurationException("there is no run directory " + run);
        }
        if (!Files.exists(directory.recipe())) {
            throw new ConfigurationException(run + " holds no run: there is no recipe.yaml in it"
                    + (Files.exists(directory.root().resolve("config.json")) ? "; --model names a model" : "")
                    + (Files.exists(directory.root().resolve("adapter_config.json"))
                            ? "; --adapter names an adapter"
                            : ""));
        }
        if (given.isEmpty() && !Files.isDirectory(directory.adapter())) {
            throw new ConfigurationException("the run " + run
                    + " has no adapter yet: it was not finished; graft resume " + run + " goes on with it");
        }
        RecipeBase base = GraftCommand.recipes(plugins).readBase(directory.recipe());
        String id = base.model().revision() == null
                ? base.model().path()
                : base.model().path() + "@" + base.model().revision();
        Path path = Path.of(base.model().path());
        return new ModelChoice(
                Files.isDirectory(path) ? path : ModelPath.resolve(id, console),
                given.isEmpty() ? List.of(directory.adapter().toString()) : given,
                new ModelChoice.Trained(
                        directory.recipe(),
                        base.model().dtype(),
                        base.model().fromScratch(),
                        base.seed(),
                        base.objective()));
    }

    private String model(PluginRegistry plugins, List<String> found) {
        if (model != null) {
            return model;
        }
        List<Path> named = found.stream()
                .filter(adapter -> !ModelChoice.isBase(adapter))
                .map(Path::of)
                .toList();
        if (named.isEmpty()) {
            throw new ConfigurationException(
                    "no model is named; give RUN, a directory that graft train wrote, or --model");
        }
        Path adapter = named.get(0);
        String base = new AdapterInspector(plugins)
                .basePath(adapter)
                .orElseThrow(() -> new ConfigurationException(
                        "the adapter in " + adapter + " does not say what its base model is; --model names it"));
        Path beside = adapter.resolve(base);
        return Files.exists(beside.resolve("config.json")) ? beside.toString() : base;
    }

    /** The directory of an adapter; a run's directory stands for the adapter in it. */
    private static Path adapter(String name, Console console) {
        Path directory = ModelPath.resolve(name, console);
        RunDirectory asRun = new RunDirectory(directory);
        boolean isRun = Files.exists(asRun.recipe()) && Files.isDirectory(asRun.adapter());
        return isRun ? asRun.adapter() : directory;
    }
}
