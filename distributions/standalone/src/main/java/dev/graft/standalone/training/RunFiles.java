package dev.graft.standalone.training;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.spi.objective.Experience;
import dev.graft.standalone.report.Curve;
import dev.graft.standalone.report.EventFile;
import dev.graft.standalone.report.LossCurve;
import dev.graft.standalone.report.MetricsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes what a run leaves behind beside its adapter: {@code metrics.jsonl}, {@code samples.jsonl}, {@code rollouts.jsonl} where
 * the model learns from its own answers, TensorBoard's event files and {@code loss.png}. Training matters more than its records: where one cannot be written, a note says so once
 * and the run goes on without them.
 */
final class RunFiles implements Consumer<TrainingEvent>, AutoCloseable {
    /** What the names of an evaluation's figures begin with in the metrics file. */
    static final String EVALUATION = "eval_";

    /** What the names of a rollout's figures begin with in the metrics file. */
    static final String ROLLOUT = "rollout_";

    private final Path root;
    private final Recipe recipe;
    private final int logEvery;
    private final Consumer<String> notes;
    private MetricsFile metrics;
    private MetricsFile samples;
    private MetricsFile rollouts;
    private EventFile board;
    private boolean failed;

    /**
     * Files of a run.
     *
     * @param root the run's directory
     * @param notes told what could not be written
     */
    RunFiles(Path root, Recipe recipe, Consumer<String> notes) {
        this.root = root;
        this.recipe = recipe;
        this.logEvery = recipe.training().logEvery();
        this.notes = notes;
    }

    /** The figures of every step and evaluation. */
    static Path metrics(Path root) {
        return root.resolve("metrics.jsonl");
    }

    /** What the model made of the recipe's prompts. */
    static Path samples(Path root) {
        return root.resolve("samples.jsonl");
    }

    /** The model's own answers that it learnt from, with their scores. */
    static Path rollouts(Path root) {
        return root.resolve("rollouts.jsonl");
    }

    /** The picture of the losses. */
    static Path picture(Path root) {
        return root.resolve("loss.png");
    }

    @Override
    public void accept(TrainingEvent event) {
        attempt(() -> record(event));
    }

    @Override
    public void close() {
        attempt(this::closeFiles);
    }

    private void record(TrainingEvent event) throws IOException {
        if (event instanceof TrainingEvent.Started started) {
            open(started.firstStep());
        } else if (event instanceof TrainingEvent.Stepped stepped) {
            step(stepped);
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            metrics.write(EventTree.metrics(evaluated));
            Map<String, Double> scalars = new LinkedHashMap<>();
            evaluated.figures().forEach((name, figure) -> scalars.put("eval/" + name, figure));
            board.scalars(evaluated.step(), scalars);
        } else if (event instanceof TrainingEvent.RolledOut rollout) {
            rollOut(rollout);
        } else if (event instanceof TrainingEvent.Shown shown) {
            samples.write(EventTree.sample(shown));
        } else if (event instanceof TrainingEvent.Saved
                || event instanceof TrainingEvent.Stopped
                || event instanceof TrainingEvent.Finished) {
            LossCurve.write(Curve.of(RecipeText.title(recipe), MetricsFile.read(metrics(root))), picture(root));
        }
    }

    private void open(long firstStep) throws IOException {
        if (firstStep == 0) {
            EventFile.clear(root);
        }
        long lastKept = firstStep == 0 ? -1 : firstStep; // a run from the beginning evaluates at step 0 again
        metrics = MetricsFile.open(metrics(root), lastKept);
        samples = MetricsFile.open(samples(root), lastKept);
        if (recipe.scorer() != null) {
            rollouts = MetricsFile.open(rollouts(root), lastKept);
        }
        board = EventFile.create(root, Clock.systemUTC(), firstStep == 0 ? 0 : firstStep + 1);
    }

    private void rollOut(TrainingEvent.RolledOut rollout) throws IOException {
        metrics.write(EventTree.metrics(rollout));
        Map<String, Double> scalars = new LinkedHashMap<>();
        rollout.figures().forEach((name, figure) -> scalars.put("rollout/" + name, figure));
        board.scalars(rollout.step() + 1, scalars);
        if (rollouts != null) {
            for (Experience.Scored answer : rollout.answers()) {
                rollouts.write(EventTree.answer(rollout.step() + 1, answer));
            }
        }
    }

    private void step(TrainingEvent.Stepped stepped) throws IOException {
        if (stepped.step() % logEvery != 0 && stepped.step() != stepped.totalSteps()) {
            return;
        }
        metrics.write(EventTree.metrics(stepped));
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/loss", stepped.loss());
        scalars.put("train/learning_rate", stepped.learningRate());
        scalars.put("train/gradient_norm", stepped.gradientNorm());
        scalars.put("train/tokens_per_second", stepped.tokens() / stepped.seconds());
        stepped.metrics().forEach((name, figure) -> scalars.put("train/" + name, figure));
        board.scalars(stepped.step(), scalars);
    }

    private void closeFiles() throws IOException {
        for (AutoCloseable file : new AutoCloseable[] {metrics, samples, rollouts, board}) {
            if (file != null) {
                close(file);
            }
        }
    }

    private static void close(AutoCloseable file) throws IOException {
        try {
            file.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void attempt(Writing writing) {
        if (failed) {
            return;
        }
        try {
            writing.run();
        } catch (IOException e) {
            failed = true;
            notes.accept("cannot write the records of the run in " + root + " (" + reason(e)
                    + "); training goes on without metrics, event files and picture");
        }
    }

    private static String reason(IOException failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
    }

    /** Something that writes. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }
}
