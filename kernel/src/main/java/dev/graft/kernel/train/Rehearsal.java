package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The stages of a run that differ in the memory they take, each once, with the longest examples. */
final class Rehearsal {
    /** Batches beyond the second of a step take no more than the second. */
    private static final int MOST_BATCHES = 2;

    /** Planned steps; only the first two and the last are gone through. */
    private static final long STEPS = 1000;

    private static final Comparator<Example> LONGEST_FIRST = Comparator.comparingInt(Rehearsal::length)
            .thenComparingInt(Example::tokens)
            .reversed();

    private final Workshop workshop;
    private final DataSection data;
    private final TrainedParameters parameters;
    private final OptimizerStep optimizerStep;
    private final int padToken;
    private final HostBatch batch;

    Rehearsal(Workshop workshop) {
        this.workshop = workshop;
        this.data = workshop.recipe().data();
        this.parameters = new TrainedParameters(workshop.learners());
        TrainingSection training = workshop.recipe().training();
        this.optimizerStep = new OptimizerStep(new OptimizerStep.Setting(
                workshop.model(),
                parameters,
                workshop.objective(),
                workshop.optimizer(),
                training.clipNorm(),
                training.gradientCheckpointing()));
        this.padToken =
                DataLoader.padToken(workshop.tokenizer(), workshop.model().description());
        this.batch = new BatchStream(
                        longest(learnt(), data.packing() ? Integer.MAX_VALUE : data.batchSize()),
                        data.batchSize(),
                        false,
                        0,
                        data.packing(),
                        data.maxLength(),
                        padToken)
                .next();
    }

    /** What is learnt from: the data, or what the model answers to as many of them as it answers at once, the longest. */
    private List<Example> learnt() {
        Rollouts rollouts = workshop.objective().rollouts().orElse(null);
        if (rollouts == null) {
            return workshop.data().train();
        }
        GraftTensors tensors = workshop.model().tensors();
        RunActor actor = new RunActor(
                workshop.model(),
                workshop.adapters(),
                workshop.tokenizer(),
                answers -> new double[answers.size()],
                data.batchSize());
        List<Example> prompts = longest(workshop.data().train(), rollouts.prompts());
        try (Scope scope = tensors.scope()) {
            return tensors.withoutGradient(() -> workshop.objective().rollOut(actor, prompts, RandomStream.seeded(0)))
                    .examples();
        }
    }

    /** The batch that takes most memory. */
    Estimate.LargestBatch batch() {
        return new Estimate.LargestBatch(batch.rows(), batch.length());
    }

    /** Goes through the stages. */
    void run() {
        Calibrator calibrator = new Calibrator(
                workshop, BatchStream.once(longest(workshop.data().train(), 1), 1, padToken));
        calibrator.run(Calibration.When.START);
        evaluate();
        step(new Progress(0, STEPS, 0, 1));
        step(new Progress(1, STEPS, 1.0 / STEPS, 1));
        step(new Progress(STEPS - 1, STEPS, 1, 1));
        calibrator.run(Calibration.When.END);
    }

    private void step(Progress progress) {
        List<Function<Tensors, Batch>> batches =
                Collections.nCopies(Math.min(MOST_BATCHES, data.gradientAccumulation()), batch::toBatch);
        optimizerStep.take(batches, layer -> 0.0, progress, RandomStream.seeded(0));
        Progress after =
                new Progress(progress.step() + 1, progress.totalSteps(), progress.epoch(), progress.totalEpochs());
        parameters.learning().forEach(adapter -> adapter.attachment().stepped(after));
    }

    private void evaluate() {
        if (workshop.objective().rollouts().isPresent()) {
            return; // takes no more than the answers to learn from did
        }
        int size = data.evalBatchSize() == null ? data.batchSize() : data.evalBatchSize();
        List<HostBatch> batches = BatchStream.once(longest(workshop.data().eval(), size), size, padToken);
        if (!batches.isEmpty()) {
            Evaluation.run(
                    workshop.model(),
                    workshop.adapters(),
                    workshop.objective(),
                    batches,
                    workshop.data().labels(),
                    done -> {});
        }
    }

    private static List<Example> longest(List<Example> examples, int count) {
        List<Example> sorted = new ArrayList<>(examples);
        sorted.sort(LONGEST_FIRST);
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    private static int length(Example example) {
        return example.sequences().stream()
                .mapToInt(sequence -> sequence.length())
                .max()
                .orElse(0);
    }
}
