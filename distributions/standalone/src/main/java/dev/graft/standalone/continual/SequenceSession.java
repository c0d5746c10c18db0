package dev.graft.standalone.continual;

import dev.graft.kernel.continual.AccuracyMatrix;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.Console;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.training.TrainingSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Learns every task of a sequence in every way, and examines all tasks after each. */
public final class SequenceSession {
    private final Console console;
    private final TaskSequence sequence;
    private final SequenceRecipes recipes;
    private final TrainingSession training;
    private final Examination examination;

    /**
     * A session.
     *
     * @param file where the sequence was read from
     * @param reader reads recipes
     * @param json whether events are printed as JSON
     */
    public SequenceSession(
            Console console,
            PluginRegistry plugins,
            TaskSequence sequence,
            Path file,
            RecipeReader reader,
            boolean json) {
        this.console = console;
        this.sequence = sequence;
        this.recipes = new SequenceRecipes(sequence, file.toAbsolutePath().getParent(), reader);
        this.training = new TrainingSession(console, plugins, json);
        this.examination = new Examination(plugins, new DownloadProgress(console));
    }

    /**
     * Learns and examines.
     *
     * @return the report, which is in the sequence's output as well; empty where it was stopped before the end
     */
    public Optional<SequenceReport> run() {
        for (TaskSequence.Way way : sequence.ways()) {
            for (int task = 0; task < sequence.tasks().size(); task++) {
                recipes.alone(way, task);
            }
        }
        Map<String, AccuracyMatrix> matrices = new LinkedHashMap<>();
        for (TaskSequence.Way way : sequence.ways()) {
            Optional<AccuracyMatrix> matrix = matrix(way);
            if (matrix.isEmpty()) {
                return Optional.empty();
            }
            matrices.put(way.name(), matrix.get());
        }
        SequenceReport report = new SequenceReport(sequence, matrices);
        report.write(Path.of(sequence.output()));
        return Optional.of(report);
    }

    private Optional<AccuracyMatrix> matrix(TaskSequence.Way way) {
        int tasks = sequence.tasks().size();
        double[][] values = new double[tasks][tasks];
        for (int after = 0; after < tasks; after++) {
            Recipe recipe = recipes.of(way, after);
            if (!learn(recipe)) {
                return Optional.empty();
            }
            for (int task = 0; task < tasks; task++) {
                values[after][task] = figure(recipes.alone(way, task), recipe);
            }
        }
        return Optional.of(new AccuracyMatrix(values));
    }

    /** Whether the task has been learned: it was before, or its run came to its end. */
    private boolean learn(Recipe recipe) {
        Path root = recipe.outputDirectory();
        RunDirectory run = new RunDirectory(root);
        if (!sequence.overwrite() && run.finished()) {
            console.err().println("graft: " + root + " is complete and is kept; overwrite: true begins anew");
            return true;
        }
        boolean begun = !sequence.overwrite() && Files.exists(run.recipe());
        return training.run(recipe, root, trainer -> begun ? trainer.resume(root) : trainer.train(recipe));
    }

    /** The figure of one task's data with the adapter of a run. */
    private double figure(Recipe task, Recipe run) {
        Path adapter = new RunDirectory(run.outputDirectory()).adapter();
        Subject subject = new Subject(
                run.model(),
                adapter,
                task.objective(),
                task.scorer(),
                run.engine(),
                task.data(),
                List.of(),
                task.training().seed());
        Map<String, Double> figures =
                examination.figures(subject, (done, total) -> {}).figures();
        Double figure = figures.get(sequence.figure());
        if (figure == null) {
            throw new ConfigurationException("key 'figure' is '" + sequence.figure() + "', but the objective '"
                    + task.objective().id() + "' has " + String.join(", ", new TreeSet<>(figures.keySet())));
        }
        return figure;
    }
}
