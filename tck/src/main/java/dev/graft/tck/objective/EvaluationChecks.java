package dev.graft.tck.objective;

import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.train.Evaluation;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures over data sets, and labels for records. */
final class EvaluationChecks {
    private static final double SAME = 1e-4;
    private static final double APART = 1e-6;
    private static final double ONE = 1e-5;

    private EvaluationChecks() {}

    /** The figures of examples, in batches of a size. */
    static Map<String, Double> figures(ObjectiveStage stage, Objective objective, List<Example> examples, int size) {
        List<HostBatch> batches = new ArrayList<>();
        for (int from = 0; from < examples.size(); from += size) {
            batches.add(stage.batch(examples.subList(from, Math.min(examples.size(), from + size)), 1));
        }
        return Evaluation.run(stage.actor(), stage.model().tensors(), objective, batches, List.of(), done -> {});
    }

    static void fresh(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            List<Example> examples = stage.drawn();
            Map<String, Double> once = figures(stage, stage.objective(), examples, 2);
            Expect.that(once.containsKey("loss"), "there is no 'loss' among the figures " + once.keySet());
            once.forEach(
                    (name, figure) -> Expect.that(Double.isFinite(figure), "the figure " + name + " is " + figure));
            figures(stage, stage.objective(), examples.subList(0, 1), 1);
            Expect.equal(
                    figures(stage, stage.objective(), examples, 2), once, "the figures of another fresh evaluator");
        }
    }

    static void cut(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            List<Example> examples = stage.drawn();
            Map<String, Double> whole = figures(stage, stage.objective(), examples, examples.size());
            boolean same = true;
            for (int size = 1; size < examples.size(); size++) {
                Map<String, Double> parts = figures(stage, stage.objective(), examples, size);
                Expect.equal(parts.keySet(), whole.keySet(), "the figures in batches of " + size);
                for (Map.Entry<String, Double> figure : whole.entrySet()) {
                    double other = parts.get(figure.getKey());
                    same &= Measured.close(other, figure.getValue(), APART);
                    if (trial.can(ObjectiveCapability.CUT_EVALUATION)) {
                        Measured.near(
                                other,
                                figure.getValue(),
                                SAME,
                                "the figure " + figure.getKey() + " in batches of " + size);
                    }
                }
            }
            Expect.that(
                    trial.can(ObjectiveCapability.CUT_EVALUATION) || !same,
                    "figures are said to depend on how data are cut into batches, but do not");
        }
    }

    static void nothing(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            for (Evaluator evaluator :
                    List.of(stage.objective().evaluator(), stage.objective().evaluator(trial.labels()))) {
                Map<String, Double> figures = evaluator.figures();
                Expect.that(figures.containsKey("loss"), "without data there is no 'loss' among " + figures.keySet());
            }
        }
    }

    static void labels(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            Optional<Labeller> labeller = stage.objective().labeller(trial.labels());
            if (labeller.isEmpty()) {
                throw new NotApplicable("it has no labels to give");
            }
            int labels = labeller.get().labels().size();
            Expect.that(labels > 1, "it has the labels " + labeller.get().labels());
            List<float[]> known = new ArrayList<>();
            List<float[]> unknown = new ArrayList<>();
            for (DataRecord record : stage.prepared()) {
                known.add(probabilities(stage, labeller.get(), record));
                Map<String, Object> fields = new LinkedHashMap<>(record.fields());
                fields.remove("label");
                unknown.add(probabilities(stage, labeller.get(), new DataRecord(fields, record.source())));
            }
            for (int i = 0; i < known.size(); i++) {
                float[] row = known.get(i);
                Expect.equal(row.length, labels, "the number of probabilities of a record");
                double sum = 0;
                for (float probability : row) {
                    Expect.that(probability >= 0, "a label has the probability " + probability);
                    sum += probability;
                }
                Measured.near(sum, 1, ONE, "the sum of the probabilities of a record");
                Expect.sameBits(unknown.get(i), row, "the probabilities of a record without its label");
            }
        }
    }

    private static float[] probabilities(ObjectiveStage stage, Labeller labeller, DataRecord record) {
        Example example = labeller.encode(record, stage.context(ObjectiveStage.NO_LIMIT));
        try (Scope scope = stage.model().tensors().scope()) {
            return stage.model().tensors().withoutGradient(() -> {
                Tensor rows = labeller.probabilities(
                        stage.runner(),
                        stage.batch(List.of(example), 1).toBatch(stage.model().tensors()));
                return rows.floats();
            });
        }
    }
}
