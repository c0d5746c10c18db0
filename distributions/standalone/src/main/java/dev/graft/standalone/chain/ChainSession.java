package dev.graft.standalone.chain;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.Console;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.training.TrainingSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Runs the stages of a chain, and measures the base and what they came to. */
public final class ChainSession {
    /** What the bare base is called in a report. */
    static final String BASE = "base";

    private final Console console;
    private final StageChain chain;
    private final Path directory;
    private final RecipeReader reader;
    private final boolean json;
    private final TrainingSession training;
    private final Examination examination;

    /**
     * A session.
     *
     * @param file where the chain was read from
     * @param reader reads recipes
     * @param json whether events are printed as JSON
     */
    public ChainSession(
            Console console, PluginRegistry plugins, StageChain chain, Path file, RecipeReader reader, boolean json) {
        this.console = console;
        this.chain = chain;
        this.directory = file.toAbsolutePath().getParent();
        this.reader = reader;
        this.json = json;
        this.training = new TrainingSession(console, plugins, json);
        this.examination = new Examination(plugins, new DownloadProgress(console));
    }

    /**
     * Runs and measures.
     *
     * @return the report, which is in the chain's output as well; empty where it was stopped before the end
     * @throws ConfigurationException if a recipe is wrong, which is found out when its turn comes: it may need what
     *     earlier stages make
     */
    public Optional<ChainReport> run() {
        List<Path> adapters = new ArrayList<>();
        for (StageChain.Stage stage : chain.stages()) {
            Recipe recipe = recipe(stage.recipe());
            say("stage " + stage.name());
            if (!learn(recipe)) {
                return Optional.empty();
            }
            if (chain.measured().contains(stage)) {
                adapters.add(new RunDirectory(recipe.outputDirectory()).adapter());
            }
        }
        if (chain.measure() == null) {
            return Optional.of(new ChainReport(chain, List.of()));
        }
        List<ChainReport.Measured> measured = new ArrayList<>();
        measured.add(measure(BASE, null));
        for (int i = 0; i < adapters.size(); i++) {
            measured.add(measure(chain.measured().get(i).name(), adapters.get(i)));
        }
        ChainReport report = new ChainReport(chain, measured);
        report.write(Path.of(chain.output()));
        return Optional.of(report);
    }

    private Recipe recipe(String name) {
        return reader.read(directory.resolve(name), chain.overwrite() ? List.of("overwrite=true") : List.of());
    }

    private void say(String sentence) {
        if (!json) {
            console.out().println();
            console.out().println(sentence);
            console.out().println("-".repeat(sentence.length()));
            console.out().flush();
        }
    }

    /** Whether the stage has run: it did before, or its run came to its end. */
    private boolean learn(Recipe recipe) {
        Path root = recipe.outputDirectory();
        RunDirectory run = new RunDirectory(root);
        if (!chain.overwrite() && run.finished()) {
            console.err().println("graft: " + root + " is complete and is kept; overwrite: true begins anew");
            return true;
        }
        boolean begun = !chain.overwrite() && Files.exists(run.recipe());
        return training.run(recipe, root, trainer -> begun ? trainer.resume(root) : trainer.train(recipe));
    }

    private ChainReport.Measured measure(String name, Path adapter) {
        Recipe recipe = recipe(chain.measure().recipe());
        Subject subject = new Subject(
                recipe.model(),
                adapter,
                recipe.objective(),
                recipe.scorer(),
                recipe.engine(),
                recipe.data(),
                List.of(),
                recipe.training().seed());
        ProgressLine line = new ProgressLine(console, console.err(), System::nanoTime);
        try {
            Map<String, Double> figures = examination
                    .figures(
                            subject,
                            (done, total) -> line.show(
                                    (double) done / total,
                                    List.of("measuring " + name, done + "/" + total + " batches")))
                    .figures();
            if (!figures.containsKey(chain.measure().figure())) {
                throw new ConfigurationException("key 'measure.figure' is '"
                        + chain.measure().figure() + "', but the objective '"
                        + recipe.objective().id() + "' has " + String.join(", ", new TreeSet<>(figures.keySet())));
            }
            return new ChainReport.Measured(name, figures);
        } finally {
            line.clear();
        }
    }
}
