package dev.graft.methods.ewc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsolidationTest {
    private static final int STEPS = 4;
    private static final Map<String, Object> SEPARATE = Map.of("lambda", 1e5, "fisher_examples", 8);
    private static final Map<String, Object> ONLINE =
            Map.of("lambda", 1e5, "fisher_examples", 8, "mode", "online", "gamma", 0.5);

    @TempDir
    private Path directory;

    private Bench bench;
    private LoadedModel model;
    private ThreeTasks tasks;
    private AdapterLoader loader;

    @BeforeEach
    void open() {
        bench = new Bench();
        model = ThreeTasks.model(bench, 1);
        tasks = new ThreeTasks(bench, model, 1, STEPS);
        loader = new AdapterLoader(bench.registry());
    }

    @AfterEach
    void close() {
        model.close();
        bench.close();
    }

    /** Learns and keeps tasks one after the other; returns what the next one goes on with. */
    private List<AttachedAdapter> after(int count, Map<String, Object> ewc) {
        List<AttachedAdapter> adapters = tasks.fresh(ewc);
        for (int task = 0; task < count; task++) {
            tasks.learn(adapters, task);
            tasks.calibrate(adapters, task);
            Path saved = directory.resolve(ewc.getOrDefault("mode", "separate") + "-" + task);
            loader.save(saved, "base", model, adapters);
            release(adapters);
            adapters = loader.load(saved, model);
        }
        return adapters;
    }

    private static void release(List<AttachedAdapter> adapters) {
        adapters.forEach(AttachedAdapter::release);
    }

    private Map<String, float[]> state(List<AttachedAdapter> adapters) {
        return Run.state(bench.tensors(), adapters.get(1));
    }

    private double penalty(List<AttachedAdapter> adapters) {
        return Run.penalty(bench.tensors(), adapters);
    }

    @Test
    void theFirstTaskIsPulledNowhere() {
        List<AttachedAdapter> adapters = tasks.fresh(SEPARATE);

        assertThat(tasks.learn(adapters, 0).metrics()).doesNotContainKey("penalty");
        assertThat(state(adapters)).isEmpty();
        release(adapters);
    }

    @Test
    void theFisherInformationIsTheMeanSquareOfSingleExamplesGradients() {
        List<AttachedAdapter> adapters = tasks.fresh(Map.of("fisher_examples", 64));
        tasks.learn(adapters, 0);
        tasks.calibrate(adapters, 0);
        Parameter parameter = adapters.get(0).attachment().parameters().get(1);
        float[] found = state(adapters).get("task.0.fisher.lora." + parameter.name());

        double[] expected = new double[found.length];
        List<Function<Tensors, Batch>> examples = tasks.alone(0);
        for (Function<Tensors, Batch> example : examples) {
            float[] gradient = gradient(adapters, parameter, example);
            for (int i = 0; i < expected.length; i++) {
                expected[i] += (double) gradient[i] * gradient[i] / examples.size();
            }
        }

        assertThat(found).isNotEmpty();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4 * expected[i] + 1e-12));
        }
        release(adapters);
    }

    private float[] gradient(List<AttachedAdapter> adapters, Parameter parameter, Function<Tensors, Batch> example) {
        try (Scope scope = bench.tensors().scope()) {
            ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
            Loss loss = tasks.objective().loss(runner, example.apply(bench.tensors()));
            return gradient(loss.sum(), parameter);
        }
    }

    private float[] gradient(Tensor scalar, Parameter parameter) {
        try (Gradients gradients = bench.tensors().backward(scalar, List.of(parameter.tensor()))) {
            Array gradient = bench.engine().copy(gradients.get(parameter.tensor()));
            return bench.tensors().wrap(gradient).floats();
        }
    }

    @Test
    void sampledAnswersGiveTheExpectationOverWhatTheModelPredicts() {
        List<AttachedAdapter> adapters = tasks.fresh(Map.of("fisher", "sampled", "fisher_examples", 64));
        tasks.learn(adapters, 0);
        tasks.calibrate(adapters, 0);
        Map<String, float[]> once = state(adapters);
        tasks.calibrate(adapters, 0);
        Map<String, float[]> again = state(adapters);
        List<AttachedAdapter> empirical = tasks.fresh(Map.of("fisher_examples", 64));
        tasks.learn(empirical, 0);
        tasks.calibrate(empirical, 0);

        String bias = once.keySet().stream()
                .filter(name -> name.contains("fisher") && name.endsWith("classifier.bias"))
                .findFirst()
                .orElseThrow();
        assertThat(again.get(bias)).as("the same seed draws the same answers").isEqualTo(once.get(bias));
        assertThat(once.get(bias)).isNotEqualTo(state(empirical).get(bias));
        assertThat((double) once.get(bias)[0]).isCloseTo(expectedOfBias(adapters), within(0.08));
        release(adapters);
        release(empirical);
    }

    /** Of a bias, the gradient is p - 1[y], whose mean square over y is p (1 - p). */
    private double expectedOfBias(List<AttachedAdapter> adapters) {
        double sum = 0;
        List<Function<Tensors, Batch>> examples = tasks.alone(0);
        for (Function<Tensors, Batch> example : examples) {
            try (Scope scope = bench.tensors().scope()) {
                ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
                float[] p = runner.forward(example.apply(bench.tensors()).input())
                        .logits()
                        .softmax(1)
                        .floats();
                sum += p[0] * (1 - p[0]);
            }
        }
        return sum / examples.size();
    }

    @Test
    void thePenaltyIsHalfLambdaTimesTheWeightedSquareOfWhatMovedOverAllTasks() {
        List<AttachedAdapter> adapters = after(2, SEPARATE);
        MethodChecks.moved(bench, adapters.get(0), 5);
        Map<String, float[]> state = state(adapters);

        double expected = 0;
        for (int task = 0; task < 2; task++) {
            for (Parameter parameter : adapters.get(0).attachment().parameters()) {
                float[] now = parameter.tensor().floats();
                float[] fisher = state.get("task." + task + ".fisher.lora." + parameter.name());
                float[] anchor = state.get("task." + task + ".anchor.lora." + parameter.name());
                for (int i = 0; i < now.length; i++) {
                    expected += 1e5 / 2 * fisher[i] * Math.pow((double) now[i] - anchor[i], 2);
                }
            }
        }

        assertThat(expected).isPositive();
        assertThat(penalty(adapters)).isCloseTo(expected, within(1e-4 * expected));
        release(adapters);
    }

    @Test
    void theGradientOfThePenaltyEqualsDifferences() {
        List<AttachedAdapter> adapters = after(1, SEPARATE);
        MethodChecks.moved(bench, adapters.get(0), 5);
        Map<String, float[]> state = state(adapters);
        for (Parameter parameter : adapters.get(0).attachment().parameters()) {
            float[] gradient;
            try (Scope scope = bench.tensors().scope()) {
                Tensor penalty = adapters.get(1)
                        .attachment()
                        .penalty(Run.context(bench.tensors()))
                        .orElseThrow();
                gradient = gradient(penalty, parameter);
            }
            float[] fisher = state.get("task.0.fisher.lora." + parameter.name());
            float[] anchor = state.get("task.0.anchor.lora." + parameter.name());
            float[] now = parameter.tensor().floats();
            double step = 1e-3;
            for (int i = 0; i < gradient.length; i += 7) {
                double above = 1e5 / 2 * fisher[i] * Math.pow(now[i] + step - anchor[i], 2);
                double below = 1e5 / 2 * fisher[i] * Math.pow(now[i] - step - anchor[i], 2);
                double difference = (above - below) / (2 * step);
                assertThat((double) gradient[i])
                        .as("%s, element %d", parameter.name(), i)
                        .isCloseTo(difference, within(1e-6 + 1e-4 * Math.abs(difference)));
            }
        }
        release(adapters);
    }

    @Test
    void anchorsAreTheValuesThatWereSavedToTheBit() {
        List<AttachedAdapter> adapters = after(1, SEPARATE);
        Map<String, float[]> state = state(adapters);

        for (Parameter parameter : adapters.get(0).attachment().parameters()) {
            assertThat(state.get("task.0.anchor.lora." + parameter.name()))
                    .isEqualTo(parameter.tensor().floats());
        }
        assertThat(penalty(adapters)).isZero();
        release(adapters);
    }

    @Test
    void onlineWithOneTaskEqualsSeparateToTheBit() {
        List<AttachedAdapter> separate = after(1, SEPARATE);
        List<AttachedAdapter> online = after(1, ONLINE);
        assertSame(state(online), state(separate));

        tasks.learn(separate, 1);
        tasks.learn(online, 1);

        assertThat(penalty(online)).isPositive().isEqualTo(penalty(separate));
        assertThat(MethodChecks.values(online.get(0))).isEqualTo(MethodChecks.values(separate.get(0)));
        release(separate);
        release(online);
    }

    @Test
    void onlineKeepsOneAnchorAndAddsToADecayedFisherInformation() {
        List<AttachedAdapter> adapters = after(1, ONLINE);
        Map<String, float[]> before = state(adapters);
        tasks.learn(adapters, 1);
        List<AttachedAdapter> alone = tasks.fresh(SEPARATE);
        copy(adapters.get(0), alone.get(0));
        tasks.calibrate(adapters, 1);
        tasks.calibrate(alone, 1);
        Map<String, float[]> second = state(alone);
        Map<String, float[]> after = state(adapters);

        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                float expected = name.contains(".anchor.")
                        ? second.get(name)[i]
                        : before.get(name)[i] * 0.5f + second.get(name)[i];
                assertThat(values[i]).as(name).isEqualTo(expected);
            }
        });
        release(adapters);
        release(alone);
    }

    private void copy(AttachedAdapter from, AttachedAdapter to) {
        for (int i = 0; i < from.attachment().parameters().size(); i++) {
            bench.engine()
                    .copyInPlace(
                            to.array(to.attachment().parameters().get(i)),
                            from.array(from.attachment().parameters().get(i)));
        }
    }

    @Test
    void separateKeepsEveryTaskAsItWas() {
        List<AttachedAdapter> one = after(1, SEPARATE);
        Map<String, float[]> first = state(one);
        release(one);
        List<AttachedAdapter> two = after(2, SEPARATE);
        Map<String, float[]> both = state(two);

        assertThat(both).hasSize(2 * first.size());
        first.forEach((name, values) -> assertThat(both.get(name)).as(name).isEqualTo(values));
        release(two);
    }

    @Test
    void goingOnAfterLoadingEqualsGoingOnToTheBit() {
        PluginSection sgd = PluginSection.of("sgd");
        List<AttachedAdapter> adapters = after(1, SEPARATE);
        tasks.learn(adapters, 1, sgd, 0, 3);
        Path saved = directory.resolve("half");
        loader.save(saved, "base", model, adapters);
        List<AttachedAdapter> again = loader.load(saved, model);
        assertSame(state(again), state(adapters));

        tasks.learn(adapters, 1, sgd, 3, 7);
        tasks.learn(again, 1, sgd, 3, 7);

        assertThat(penalty(again)).isPositive().isEqualTo(penalty(adapters));
        assertThat(MethodChecks.values(again.get(0))).isEqualTo(MethodChecks.values(adapters.get(0)));
        release(adapters);
        release(again);
    }

    private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
        expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
    }
}
