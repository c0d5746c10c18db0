package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Parameter;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.bench.Training;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Chapter 4: gradients and training. */
public final class LearningRules {
    private static final double STEP = 1e-5;
    private static final double DIFFERENCE = 2e-6;
    private static final double SAME_GRADIENT = 1e-9;
    private static final int BUDGET = 60;

    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            4,
            "Learning",
            List.of(
                    article(
                            must(
                                            "4.01",
                                            "gradientsEqualFiniteDifferences",
                                            "The gradient of the loss with respect to every"
                                                    + " parameter agrees with central differences in double precision.")
                                    .because("A wrong gradient still trains, a little worse, and nobody notices.")
                                    .look(
                                            "detach() and withoutGradient() inside patches; values that are computed on the"
                                                    + " host."),
                            LearningRules::differences),
                    article(
                            must(
                                            "4.02",
                                            "everyParameterIsReached",
                                            "A gradient flows to every parameter that is not declared"
                                                    + " to be without.")
                                    .because(
                                            "A parameter that nothing reaches costs memory and optimizer state for nothing.")
                                    .seen("Prompt embeddings detached by a cache trained nothing for weeks.")
                                    .look("parameters that are declared and not used; or declare without_gradient."),
                            LearningRules::reached),
                    article(
                            must(
                                            "4.03",
                                            "theLossOfABatchFallsWithinABudget",
                                            "Within " + BUDGET
                                                    + " steps of Adam on one batch the loss falls by the declared share of what it was, or by "
                                                    + MethodDeclaration.Tried.FALLS + ".")
                                    .because("What cannot learn two sentences by heart learns nothing.")
                                    .seen("ChatGLM's P-tuning at its default learning rate (THUDM issue 9).")
                                    .look("initial values at a saddle, such as two factors that are both zero."),
                            LearningRules::overfits),
                    article(
                            must(
                                            "4.04",
                                            "theSameSeedTakesTheSamePath",
                                            "Training twice from the same seed gives the same"
                                                    + " losses and parameters, to the bit.")
                                    .because("A run can be repeated, and a difference between runs means something.")
                                    .look("random numbers that come from elsewhere than PatchContext.random."),
                            LearningRules::samePath),
                    article(
                            must(
                                            "4.05",
                                            "trainingChangesNoBitOfTheBase",
                                            "Training leaves every weight of the base as it was," + " to the bit.")
                                    .because("The base is shared.")
                                    .seen("Gradual unfreezing that went on to train what it had unfrozen.")
                                    .look("stepped() and calibrated(): they may change parameters and variables only.")
                                    .withoutMutant(
                                            "the tensors of the contracts cannot be written to; a plugin would need the kernel, which 1.06 forbids"),
                            LearningRules::baseUntouched),
                    article(
                            must(
                                            "4.06",
                                            "stepsDoNotAccumulateArrays",
                                            "As many arrays are alive after the sixth step as after" + " the third.")
                                    .because("A run takes thousands of steps.")
                                    .look("tensors that stepped() or a patch keeps."),
                            LearningRules::steady),
                    article(
                            must(
                                            "4.07",
                                            "recomputedBlocksGiveTheSameGradient",
                                            "With blocks recomputed in the backward pass" + " gradients are the same.")
                                    .because("Gradient checkpointing saves memory and changes nothing else.")
                                    .seen("peft 869: no gradient under checkpointing without a forced input gradient.")
                                    .look("state that a patch changes while it runs: it runs twice."),
                            LearningRules::recomputed),
                    article(
                            must("4.08", "paddingChangesNoGradient", "Padding behind the rows changes no gradient.")
                                    .because("How a batch is padded is chance.")
                                    .look("means over a sequence: PatchContext.tokens says what is padding."),
                            LearningRules::padding),
                    article(
                            must(
                                            "4.09",
                                            "batchMatesChangeNoGradient",
                                            "The gradient of a batch is the sum of those of its" + " rows.")
                                    .because("Accumulation over small batches equals one large batch.")
                                    .look("anything computed over the batch axis, such as batch statistics."),
                            LearningRules::accumulated),
                    article(
                            must(
                                            "4.10",
                                            "withoutTrainingNothingIsRandom",
                                            "Two passes that do not train give the same outputs," + " to the bit.")
                                    .because("An answer does not depend on chance that nobody asked for.")
                                    .look("dropout: PatchContext.dropout is the identity unless a pass trains."),
                            LearningRules::repeatable),
                    article(
                            must("4.11", "valuesStayFinite", "Within the budget every parameter stays finite.")
                                    .because("One NaN makes all later steps worthless.")
                                    .look("roots, logarithms and divisions without a lower bound."),
                            LearningRules::finite)));

    private LearningRules() {}

    private static void differences(MethodTrial<?> trial) {
        try (Stage stage = trial.doubleStage()) {
            AttachedAdapter adapter = stage.moved(1);
            Slope slope = new Slope(stage.model(), adapter);
            Map<String, double[]> gradients = slope.gradients(Tokens.PAIR);
            for (Parameter parameter : adapter.attachment().parameters()) {
                double[] gradient = gradients.get(parameter.name());
                if (gradient == null || trial.deaf(parameter.name()) || trial.approximate(parameter.name())) {
                    continue;
                }
                int element = Doubles.steepest(gradient);
                double difference = difference(stage, slope, adapter.array(parameter), element);
                Expect.that(
                        Math.abs(gradient[element] - difference) <= DIFFERENCE * Math.max(1, Math.abs(difference)),
                        "the gradient of " + parameter.name() + " at element " + element + " is " + gradient[element]
                                + ", the difference of losses " + difference);
            }
        }
    }

    private static double difference(Stage stage, Slope slope, Array values, int element) {
        double before = Doubles.of(stage.engine(), values)[element];
        Doubles.set(stage.engine(), values, element, before + STEP);
        double above = slope.loss(Tokens.PAIR);
        Doubles.set(stage.engine(), values, element, before - STEP);
        double below = slope.loss(Tokens.PAIR);
        Doubles.set(stage.engine(), values, element, before);
        return (above - below) / (2 * STEP);
    }

    private static void reached(MethodTrial<?> trial) {
        try (Stage stage = trial.doubleStage()) {
            Slope slope = new Slope(stage.model(), stage.moved(1));
            Map<String, double[]> training = slope.training(Tokens.PAIR, 5, false);
            slope.gradients(Tokens.PAIR)
                    .forEach((name, gradient) -> Expect.that(
                            trial.deaf(name) || flows(gradient) || flows(training.get(name)),
                            "no gradient flows to " + name));
        }
    }

    private static boolean flows(double[] gradient) {
        return gradient != null && Arrays.stream(gradient).anyMatch(value -> value != 0);
    }

    private static void overfits(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            try (Training training = new Training(stage.model(), adapter)) {
                double first = training.steps(1);
                double wanted = (1 - trial.tried().falls()) * first;
                double least = first;
                for (int step = 1; step < BUDGET && least >= wanted; step++) {
                    least = Math.min(least, training.steps(1));
                }
                Expect.that(
                        least < wanted,
                        "the loss began at " + first + " and came to " + least + " at the least, not below " + wanted);
            }
        }
    }

    private static void samePath(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter one = stage.fresh(1);
            AttachedAdapter two = stage.fresh(1);
            double first = trained(stage, one);
            Expect.equal(trained(stage, two), first, "the loss of a second run");
            sameValues(two, one, "after a second run");
        }
    }

    private static double trained(Stage stage, AttachedAdapter adapter) {
        try (Training training = new Training(stage.model(), adapter)) {
            return training.steps(4);
        }
    }

    /** Two adapters hold the same numbers, to the bit. */
    static void sameValues(AttachedAdapter found, AttachedAdapter expected, String when) {
        Map<String, float[]> values = Stage.values(expected);
        Map<String, float[]> others = Stage.values(found);
        Expect.equal(List.copyOf(others.keySet()), List.copyOf(values.keySet()), "names of parameters " + when);
        values.forEach((name, value) -> Expect.sameBits(others.get(name), value, name + " " + when));
    }

    private static void baseUntouched(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            Map<String, float[]> weights = stage.weights();
            AttachedAdapter adapter = stage.fresh(1);
            trained(stage, adapter);
            stage.release(adapter);
            AttachmentRules.sameWeights(stage, weights);
        }
    }

    private static void steady(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            try (Training training = new Training(stage.model(), adapter)) {
                training.steps(3);
                long before = stage.engine().liveArrays();
                training.steps(3);
                Expect.equal(stage.engine().liveArrays(), before, "arrays alive after three more steps");
            }
        }
    }

    private static void recomputed(MethodTrial<?> trial) {
        try (Stage stage = trial.doubleStage()) {
            Slope slope = new Slope(stage.model(), stage.moved(1));
            sameGradients(
                    slope.training(Tokens.PAIR, 5, true),
                    slope.training(Tokens.PAIR, 5, false),
                    "with recomputed blocks");
        }
    }

    private static void sameGradients(Map<String, double[]> found, Map<String, double[]> expected, String when) {
        expected.forEach((name, gradient) -> {
            double[] other = found.get(name);
            Expect.equal(other == null, gradient == null, "no gradient for " + name + " " + when);
            for (int i = 0; gradient != null && i < gradient.length; i++) {
                Expect.that(
                        Math.abs(other[i] - gradient[i]) <= SAME_GRADIENT * Math.max(1, Math.abs(gradient[i])),
                        "the gradient of " + name + " at element " + i + " is " + other[i] + " " + when + ", and "
                                + gradient[i] + " without");
            }
        });
    }

    private static void padding(MethodTrial<?> trial) {
        try (Stage stage = trial.doubleStage()) {
            Slope slope = new Slope(stage.model(), stage.moved(1));
            sameGradients(
                    slope.gradients(Tokens.PAIR.paddedRight(3)), slope.gradients(Tokens.PAIR), "with padding behind");
        }
    }

    private static void accumulated(MethodTrial<?> trial) {
        try (Stage stage = trial.doubleStage()) {
            Slope slope = new Slope(stage.model(), stage.moved(1));
            Tokens twice = Tokens.of(
                    Tokens.PAIR.ids()[0], Tokens.PAIR.ids()[0], Tokens.PAIR.ids()[0]);
            Tokens mixed = Tokens.of(
                    Tokens.PAIR.ids()[0], Tokens.PAIR.ids()[1], Tokens.PAIR.ids()[0]);
            if (stage.model().description().labels() > 0) {
                // classes go by the place of a row in its batch, so that rows keep their places
                sameRow(slope, twice, mixed);
                return;
            }
            Map<String, double[]> first = slope.gradients(Tokens.PAIR.alone(0));
            Map<String, double[]> second = slope.gradients(Tokens.PAIR.alone(1));
            first.forEach((name, gradient) -> {
                for (int i = 0; gradient != null && i < gradient.length; i++) {
                    gradient[i] += second.get(name) == null ? 0 : second.get(name)[i];
                }
            });
            sameGradients(slope.gradients(Tokens.PAIR), first, "as one batch");
        }
    }

    /** Swapping the middle row changes the gradient by what it changes where that row stands among other mates. */
    private static void sameRow(Slope slope, Tokens twice, Tokens mixed) {
        Map<String, double[]> before = slope.gradients(twice);
        Map<String, double[]> after = slope.gradients(mixed);
        Map<String, double[]> short1 = slope.gradients(Tokens.of(twice.ids()[0], twice.ids()[1]));
        Map<String, double[]> short2 = slope.gradients(Tokens.of(mixed.ids()[0], mixed.ids()[1]));
        before.forEach((name, gradient) -> {
            for (int i = 0; gradient != null && i < gradient.length; i++) {
                gradient[i] = after.get(name)[i] - gradient[i];
                short1.get(name)[i] = short2.get(name)[i] - short1.get(name)[i];
            }
        });
        sameGradients(before, short1, "among other mates");
    }

    private static void repeatable(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                    "logits of a second pass");
        }
    }

    private static void finite(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            try (Training training = new Training(stage.model(), adapter)) {
                training.steps(BUDGET / 2);
            }
            Stage.values(adapter).forEach((name, values) -> {
                for (float value : values) {
                    Expect.that(Float.isFinite(value), name + " became " + value);
                }
            });
        }
    }
}
