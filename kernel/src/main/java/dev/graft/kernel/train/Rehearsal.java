package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

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
    private final int accumulation;
    private final TrainedParameters parameters;
    private final OptimizerStep optimizerStep;
    private final List<HostBatch> batches;

    Rehearsal(Workshop workshop) {
        this.workshop = workshop;
        this.accumulation = workshop.recipe().gradientAccumulation();
        this.parameters = new TrainedParameters(workshop.learners());
        TrainingSection training = workshop.recipe().training();
        this.optimizerStep = new OptimizerStep(new OptimizerStep.Setting(
                workshop.model(),
                parameters,
                workshop.tasks().get(0).objective(),
                workshop.optimizer(),
                training.clipNorm(),
                training.gradientCheckpointing()));
        this.batches = workshop.tasks().stream().map(Rehearsal::largest).toList();
    }

    private static HostBatch largest(RunTask task) {
        DataSection data = task.section().data();
        return new BatchStream(
                        longest(learnt(task), data.packing() ? Integer.MAX_VALUE : data.batchSize()),
                        data.batchSize(),
                        false,
                        0,
                        data.packing(),
                        data.maxLength(),
                        task.padToken())
                .next();
    }

    /** What is learnt from: the data, or what the model answers to as many of them as it answers at once, the longest. */
    private static List<Example> learnt(RunTask task) {
        Rollouts rollouts = task.objective().rollouts().orElse(null);
        if (rollouts == null) {
            return task.data().train();
        }
        GraftTensors tensors = task.model().tensors();
        RunActor actor = new RunActor(
                task.model(),
                task.adapters(),
                task.tokenizer(),
                answers -> new double[answers.size()],
                task.section().data().batchSize());
        List<Example> prompts = longest(task.data().train(), rollouts.prompts());
        try (Scope scope = tensors.scope()) {
            return tensors.withoutGradient(() -> task.objective().rollOut(actor, prompts, RandomStream.seeded(0)))
                    .examples();
        }
    }

    /** The batch that takes most memory. */
    Estimate.LargestBatch batch() {
        HostBatch batch = batches.stream()
                .max(Comparator.comparingLong(one -> (long) one.rows() * one.length()))
                .orElseThrow();
        return new Estimate.LargestBatch(batch.rows(), batch.length());
    }

    /** Goes through the stages. */
    void run() {
        Calibrator calibrator = Calibrator.of(
                workshop, task -> BatchStream.once(longest(task.data().train(), 1), 1, task.padToken()));
        calibrator.run(Calibration.When.START);
        workshop.tasks().forEach(Rehearsal::evaluate);
        step(new Progress(0, STEPS, 0, 1));
        step(new Progress(1, STEPS, 1.0 / STEPS, 1));
        step(new Progress(STEPS - 1, STEPS, 1, 1));
        calibrator.run(Calibration.When.END);
    }

    /** A step of each task's largest batch, whose parameters the optimizer keeps something of. */
    private void step(Progress progress) {
        for (int i = 0; i < batches.size(); i++) {
            HostBatch batch = batches.get(i);
            Learning learning = workshop.learning(workshop.tasks().get(i));
            List<Learning.Portion> portions = Collections.nCopies(
                    Math.min(MOST_BATCHES, accumulation), new Learning.Portion(learning, batch::toBatch));
            optimizerStep.takeMixed(portions, layer -> 0.0, progress, RandomStream.seeded(0));
        }
        Progress after =
                new Progress(progress.step() + 1, progress.totalSteps(), progress.epoch(), progress.totalEpochs());
        parameters.learning().forEach(adapter -> adapter.attachment().stepped(after));
    }

    private static void evaluate(RunTask task) {
        if (task.objective().rollouts().isPresent()) {
            return; // takes no more than the answers to learn from did
        }
        int size = task.evalBatchSize();
        List<HostBatch> batches = BatchStream.once(longest(task.data().eval(), size), size, task.padToken());
        if (!batches.isEmpty()) {
            Evaluation.run(
                    task.model(),
                    task.adapters(),
                    task.objective(),
                    batches,
                    task.data().labels(),
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
