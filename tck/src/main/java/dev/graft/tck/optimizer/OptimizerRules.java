package dev.graft.tck.optimizer;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chapter 12: optimizers. */
public final class OptimizerRules {
    private static final int STEPS = 5;
    private static final int DESCENT = 150;

    /** The chapter. */
    public static final Chapter<OptimizerTrial> CHAPTER = new Chapter<>(
            12,
            "Optimizer",
            List.of(
                    article(
                            must(
                                            "12.01",
                                            "itDescends",
                                            "Along the gradients of a parabola it comes to less than half of the"
                                                    + " height it began at within " + DESCENT + " steps.")
                                    .because("That is what it is for.")
                                    .look("the sign of the update."),
                            OptimizerRules::descends),
                    article(
                            must(
                                            "12.02",
                                            "itGoesOnAsIfNothingHappened",
                                            "State and counters, restored into a fresh optimizer, go"
                                                    + " on to the same values, to the bit.")
                                    .because("A run that was stopped comes to the same end.")
                                    .look("counters: bias correction needs the step of each parameter."),
                            OptimizerRules::resumes),
                    article(
                            must("12.03", "gradientsStayAsTheyAre", "It does not change a gradient.")
                                    .because("They belong to the caller.")
                                    .look("operations in place on Update.gradient."),
                            OptimizerRules::gradientsStay),
                    article(
                            must(
                                            "12.04",
                                            "anAbsentParameterStaysAsItIs",
                                            "A parameter that is absent from a step keeps its value"
                                                    + " to the bit, and goes on later as if there had been no such step.")
                                    .because("Gradual unfreezing and penalties leave some out.")
                                    .look("a step counter for all parameters together."),
                            OptimizerRules::absent),
                    article(
                            must(
                                            "12.05",
                                            "closingFreesItsState",
                                            "After close as many arrays are alive as before its first step.")
                                    .because("Runs follow one another in one program.")
                                    .look("close()."),
                            OptimizerRules::closes),
                    article(
                            must(
                                            "12.06",
                                            "parametersDoNotMix",
                                            "Two parameters updated together come to what each comes to" + " alone.")
                                    .because("State belongs to a parameter.")
                                    .look("state kept under something else than Update.name."),
                            OptimizerRules::doNotMix),
                    article(
                            must("12.07", "theSamePathTwice", "Two fresh optimizers take the same path, to the bit.")
                                    .because("A run can be repeated.")
                                    .look("static state, random numbers."),
                            OptimizerRules::sameTwice),
                    article(
                            must(
                                            "12.08",
                                            "withoutARateNothingMoves",
                                            "With a learning rate of 0 values stay as they are, to the" + " bit.")
                                    .because("Warm-up begins there, and schedules end there.")
                                    .look("weight decay that is not scaled by the learning rate."),
                            OptimizerRules::rateZero),
                    article(
                            must(
                                            "12.09",
                                            "whatDoesNotDecayStays",
                                            "A parameter that is out of reach of decay and has never had a"
                                                    + " gradient but 0 stays as it is, to the bit.")
                                    .because("Biases and norms are kept from decay on purpose.")
                                    .look("Update.decay."),
                            OptimizerRules::noDecay)));

    private OptimizerRules() {}

    private static void descends(OptimizerTrial trial) {
        Engine engine = trial.engine();
        try (Optimizer optimizer = trial.optimizer().get();
                Array value = engine.of(new float[] {1, -1, 0.5f}, Shape.of(3))) {
            double first = engine.sumOfSquares(value);
            for (int step = 0; step < DESCENT; step++) {
                try (Array gradient = engine.copy(value)) {
                    optimizer.step(
                            engine, List.of(new Optimizer.Update("w", value, gradient, OptimizerTrial.RATE, false)));
                }
            }
            double last = engine.sumOfSquares(value);
            Expect.that(last < first / 2, "the height went from " + first + " to " + last);
        }
    }

    /** What the parameters come to in some steps, one after the other. */
    private static float[][] run(OptimizerTrial trial, double rate, int... which) {
        try (Optimizer optimizer = trial.optimizer().get()) {
            List<Array> parameters = trial.start();
            for (int step = 0; step < STEPS; step++) {
                trial.step(optimizer, parameters, step, rate, which);
            }
            return taken(trial, parameters);
        }
    }

    private static float[][] taken(OptimizerTrial trial, List<Array> parameters) {
        float[][] values = parameters.stream().map(trial::floats).toArray(float[][]::new);
        parameters.forEach(Array::close);
        return values;
    }

    private static void same(float[][] found, float[][] expected, String when) {
        for (int i = 0; i < expected.length; i++) {
            Expect.sameBits(found[i], expected[i], "parameter " + i + " " + when);
        }
    }

    private static void resumes(OptimizerTrial trial) {
        try (Optimizer one = trial.optimizer().get();
                Optimizer two = trial.optimizer().get()) {
            List<Array> uninterrupted = trial.start();
            List<Array> resumed = trial.start();
            for (int step = 0; step < 3; step++) {
                trial.step(one, uninterrupted, step, OptimizerTrial.RATE, 0, 1);
            }
            Map<String, Array> state = new HashMap<>();
            one.state().forEach((name, array) -> state.put(name, trial.engine().copy(array)));
            two.restore(state, one.counters());
            for (int i = 0; i < resumed.size(); i++) {
                trial.engine().copyInPlace(resumed.get(i), uninterrupted.get(i));
            }
            for (int step = 3; step < 6; step++) {
                trial.step(one, uninterrupted, step, OptimizerTrial.RATE, 0, 1);
                trial.step(two, resumed, step, OptimizerTrial.RATE, 0, 1);
            }
            float[][] expected = taken(trial, uninterrupted);
            same(taken(trial, resumed), expected, "after going on");
        }
    }

    private static void gradientsStay(OptimizerTrial trial) {
        List<Array> parameters = trial.start();
        try (Optimizer optimizer = trial.optimizer().get();
                Array gradient = trial.gradient(0, 0)) {
            float[] before = trial.floats(gradient);
            for (int step = 0; step < 2; step++) {
                optimizer.step(
                        trial.engine(),
                        List.of(new Optimizer.Update("p0", parameters.get(0), gradient, OptimizerTrial.RATE, true)));
            }
            Expect.sameBits(trial.floats(gradient), before, "the gradient after a step");
        } finally {
            parameters.forEach(Array::close);
        }
    }

    private static void absent(OptimizerTrial trial) {
        try (Optimizer optimizer = trial.optimizer().get();
                Optimizer without = trial.optimizer().get()) {
            List<Array> parameters = trial.start();
            List<Array> others = trial.start();
            for (int step = 0; step < 2; step++) {
                trial.step(optimizer, parameters, step, OptimizerTrial.RATE, 0, 1);
                trial.step(without, others, step, OptimizerTrial.RATE, 0, 1);
            }
            float[] before = trial.floats(parameters.get(1));
            trial.step(optimizer, parameters, 2, OptimizerTrial.RATE, 0);
            Expect.sameBits(trial.floats(parameters.get(1)), before, "a parameter that was absent from a step");
            trial.step(optimizer, parameters, 3, OptimizerTrial.RATE, 1);
            trial.step(without, others, 3, OptimizerTrial.RATE, 1);
            float[] expected = trial.floats(others.get(1));
            float[] found = trial.floats(parameters.get(1));
            parameters.forEach(Array::close);
            others.forEach(Array::close);
            Expect.sameBits(found, expected, "a parameter that came back after a step without it");
        }
    }

    private static void closes(OptimizerTrial trial) {
        long before = trial.engine().liveArrays();
        run(trial, OptimizerTrial.RATE, 0, 1);
        Expect.equal(trial.engine().liveArrays(), before, "arrays alive after it was closed");
    }

    private static void doNotMix(OptimizerTrial trial) {
        float[][] together = run(trial, OptimizerTrial.RATE, 0, 1);
        Expect.sameBits(run(trial, OptimizerTrial.RATE, 0)[0], together[0], "parameter 0 alone");
        Expect.sameBits(run(trial, OptimizerTrial.RATE, 1)[1], together[1], "parameter 1 alone");
    }

    private static void sameTwice(OptimizerTrial trial) {
        float[][] once = run(trial, OptimizerTrial.RATE, 0, 1);
        same(run(trial, OptimizerTrial.RATE, 0, 1), once, "the second time");
    }

    private static void rateZero(OptimizerTrial trial) {
        float[][] start = taken(trial, trial.start());
        same(run(trial, 0, 0, 1), start, "with a learning rate of 0");
    }

    private static void noDecay(OptimizerTrial trial) {
        List<Array> parameters = trial.start();
        try (Optimizer optimizer = trial.optimizer().get();
                Array zero = trial.engine()
                        .full(OptimizerTrial.SHAPES.get(0), parameters.get(0).dtype(), 0)) {
            float[] before = trial.floats(parameters.get(0));
            for (int step = 0; step < 3; step++) {
                optimizer.step(
                        trial.engine(),
                        List.of(new Optimizer.Update("p0", parameters.get(0), zero, OptimizerTrial.RATE, false)));
            }
            Expect.sameBits(trial.floats(parameters.get(0)), before, "a parameter without decay and gradient");
        } finally {
            parameters.forEach(Array::close);
        }
    }
}
