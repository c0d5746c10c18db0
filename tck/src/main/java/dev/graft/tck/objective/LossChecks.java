package dev.graft.tck.objective;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.bench.Training;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.Threads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Losses of batches, and their gradients. */
final class LossChecks {
    /** Steps within which the loss of one batch has to fall. */
    static final int BUDGET = 100;

    private static final double RATE = 0.2;
    private static final double STEP = 1e-5;
    private static final double DIFFERENCE = 2e-6;
    private static final double SAME = 1e-8;
    private static final double APART = 1e-6;
    private static final int THREADS = 3;

    private LossChecks() {}

    static void finite(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            for (List<Example> examples : each(stage.learnt())) {
                Measured loss = stage.loss(examples);
                Expect.that(Double.isFinite(loss.sum()), "the sum of the loss is " + loss.sum());
                Expect.that(
                        Double.isFinite(loss.weight()) && loss.weight() > 0,
                        "the weight of the loss is " + loss.weight());
                loss.metrics()
                        .forEach((name, metric) -> Expect.that(
                                Double.isFinite(metric.sum()) && metric.weight() >= 0,
                                "the metric " + name + " is " + metric.sum() + " over " + metric.weight()));
            }
        }
    }

    /** All of them together, and each alone. */
    private static List<List<Example>> each(List<Example> examples) {
        List<List<Example>> all =
                new ArrayList<>(examples.stream().map(List::of).toList());
        all.add(examples);
        return all;
    }

    static void differences(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            HostBatch batch = stage.batch(stage.learnt(), 1);
            boolean any = false;
            for (AttachedAdapter adapter : stage.adapters()) {
                List<Parameter> parameters = adapter.attachment().parameters();
                List<double[]> gradients = gradients(stage, batch, parameters);
                for (int i = 0; i < parameters.size(); i++) {
                    double[] gradient = gradients.get(i);
                    int element = gradient == null ? 0 : Doubles.steepest(gradient);
                    double found = gradient == null ? 0 : gradient[element];
                    double expected = difference(stage, batch, adapter.array(parameters.get(i)), element);
                    any |= found != 0;
                    Expect.that(
                            Math.abs(found - expected) <= DIFFERENCE * Math.max(1, Math.abs(expected)),
                            "the gradient of " + parameters.get(i).name() + " at element " + element + " is " + found
                                    + ", the difference of losses " + expected);
                }
            }
            Expect.that(any, "no gradient flows from the loss");
        }
    }

    private static List<double[]> gradients(ObjectiveStage stage, HostBatch batch, List<Parameter> parameters) {
        List<Tensor> leaves = parameters.stream().map(Parameter::tensor).toList();
        List<double[]> values = new ArrayList<>();
        try (Scope scope = stage.model().tensors().scope()) {
            Loss loss = stage.objective()
                    .loss(stage.runner(), batch.toBatch(stage.model().tensors()));
            try (Gradients gradients = stage.model().tensors().backward(loss.sum(), leaves)) {
                for (Tensor leaf : leaves) {
                    Array gradient = gradients.get(leaf);
                    values.add(gradient == null ? null : Doubles.of(stage.engine(), gradient));
                }
            }
        }
        return values;
    }

    private static double difference(ObjectiveStage stage, HostBatch batch, Array values, int element) {
        double before = Doubles.of(stage.engine(), values)[element];
        Doubles.set(stage.engine(), values, element, before + STEP);
        double above = stage.loss(batch).sum();
        Doubles.set(stage.engine(), values, element, before - STEP);
        double below = stage.loss(batch).sum();
        Doubles.set(stage.engine(), values, element, before);
        return (above - below) / (2 * STEP);
    }

    static void addsUp(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            List<Example> examples = stage.learnt();
            Measured together = stage.loss(examples);
            Measured apart = Measured.total(
                    examples.stream().map(List::of).map(stage::loss).toList());
            if (trial.can(ObjectiveCapability.ACCUMULATE)) {
                together.expectAll(apart, SAME, "as one batch of " + examples.size() + " examples");
            } else {
                Expect.that(
                        !Measured.close(together.mean(), apart.mean(), APART),
                        "it is said not to accumulate, but the loss of a batch is the mean of those of its examples, "
                                + together.mean());
            }
        }
    }

    static void padding(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            List<Example> examples = stage.learnt();
            stage.loss(stage.batch(examples, 48)).expectAll(stage.loss(examples), SAME, "with more padding");
        }
    }

    static void order(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            List<Example> examples = stage.learnt();
            List<Example> turned = new ArrayList<>(examples);
            Collections.reverse(turned);
            stage.loss(turned).expectAll(stage.loss(examples), SAME, "with the examples in another order");
        }
    }

    static void packed(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            if (!stage.objective().packable()) {
                throw new NotApplicable("its examples do not share rows");
            }
            List<Example> examples = stage.learnt();
            int half = examples.size() / 2;
            List<List<Example>> rows = List.of(examples.subList(0, half), examples.subList(half, examples.size()));
            stage.loss(HostBatch.packed(rows, 0, 1))
                    .expectAll(stage.loss(examples), SAME, "with several examples in a row");
        }
    }

    static void ignored(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            HostBatch batch = stage.batch(stage.learnt(), 1);
            if (batch.labels() == null || stage.model().description().labels() > 0) {
                throw new NotApplicable("its tokens have no labels");
            }
            Measured disturbed =
                    stage.loss(stage.objective(), batch, runner -> new Disturbed(runner, Disturbed.idle(stage, batch)));
            disturbed.expect(stage.loss(batch), SAME, "with other outputs where no label is predicted");
        }
    }

    static void learns(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            HostBatch batch = stage.batch(stage.learnt(), 1);
            try (Training training =
                    new Training(stage.model(), stage.adapters(), stage.objective(), batch::toBatch, RATE)) {
                double first = training.steps(1);
                double wanted = first - trial.tried().falls() * Math.max(1, Math.abs(first));
                double least = first;
                for (int step = 1; step < BUDGET && least > wanted; step++) {
                    least = Math.min(least, training.steps(1));
                }
                Expect.that(
                        least <= wanted,
                        "the loss began at " + first + " and came to " + least + " at the least, not to " + wanted);
            }
        }
    }

    static void sampled(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            if (!stage.objective().samples()) {
                throw new NotApplicable("its model's outputs are no distribution over answers");
            }
            HostBatch batch = stage.batch(stage.learnt(), 1);
            Measured once = sampled(stage, batch, 0);
            Expect.that(
                    Double.isFinite(once.sum()) && once.weight() > 0,
                    "the loss of drawn answers is " + once.sum() + " over " + once.weight());
            boolean different = false;
            for (long seed = 1; seed < 8; seed++) {
                different |= sampled(stage, batch, seed).sum() != once.sum();
            }
            Expect.that(different, "eight different seeds draw the same answers");
            sampled(stage, batch, 0).expect(once, 0, "of answers drawn with the same random numbers");
        }
    }

    private static Measured sampled(ObjectiveStage stage, HostBatch batch, long seed) {
        try (Scope scope = stage.model().tensors().scope()) {
            Batch made = batch.toBatch(stage.model().tensors());
            return Measured.of(stage.objective().sampledLoss(stage.runner(), made, RandomStream.seeded(seed)));
        }
    }

    static void leavesNothing(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            List<Example> examples = stage.learnt();
            learn(stage, examples);
            long before = stage.engine().liveArrays();
            learn(stage, examples);
            Expect.equal(stage.engine().liveArrays(), before, "arrays alive after a loss and its gradients");
            EvaluationChecks.figures(stage, stage.objective(), examples, 2);
            Expect.equal(stage.engine().liveArrays(), before, "arrays alive after an evaluation");
        }
    }

    private static void learn(ObjectiveStage stage, List<Example> examples) {
        gradients(stage, stage.batch(examples, 1), stage.gain().attachment().parameters());
    }

    static void threads(ObjectiveTrial<?> trial) throws Exception {
        try (ObjectiveStage stage = trial.stage()) {
            List<HostBatch> batches = stage.learnt().stream()
                    .map(example -> stage.batch(List.of(example), 1))
                    .toList();
            List<Measured> alone = batches.stream().map(stage::loss).toList();
            List<Callable<Void>> runs = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Objective own = stage.fresh();
                runs.add(() -> {
                    for (int round = 0; round < 3 * batches.size(); round++) {
                        int at = round % batches.size();
                        stage.loss(own, batches.get(at), Function.identity())
                                .expect(alone.get(at), 0, "in one of several threads");
                    }
                    return null;
                });
            }
            Threads.together(runs);
        }
    }
}
