package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.recipe.MixingSection;
import dev.graft.kernel.recipe.MixingSection.Sampling;
import dev.graft.kernel.recipe.MixingSection.Weighting;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MixedStepTest {
    private static final double RATE = 0.25;

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final LoadedModel model = SmallDecoder.load(tensors, DType.FLOAT64, 16);
    private final List<AttachedAdapter> adapters = new ArrayList<>();
    private final List<String> updated = new ArrayList<>();

    /** A task whose mean loss is what is said, whatever the batch. */
    private record Said(Function<Runner, Tensor> mean, double weight) implements Objective {
        @Override
        public Task task() {
            return Task.CAUSAL_LM;
        }

        @Override
        public Optional<Example> encode(DataRecord record, EncodeContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Loss loss(Runner runner, Batch batch) {
            return new Loss(mean.apply(runner).mul(weight), weight, Map.of("seen", new Loss.Metric(weight, weight)));
        }

        @Override
        public Evaluator evaluator() {
            throw new UnsupportedOperationException();
        }
    }

    /** Follows the gradients, and notes what it was given. */
    private final class Descent implements Optimizer {
        @Override
        public void step(Engine on, List<Update> updates) {
            updates.forEach(update -> {
                updated.add(update.name());
                on.addInPlace(update.value(), update.gradient(), -update.learningRate());
            });
        }

        @Override
        public Map<String, Array> state() {
            return Map.of();
        }

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, Array> state, Map<String, Long> counters) {}

        @Override
        public void close() {}
    }

    /** An adapter that is one number, which begins at 0. */
    private AttachedAdapter number(String name) {
        AttachedAdapter adapter = AdapterBuilder.attach(
                        model,
                        new AdapterBuilder.Origin(name, "", new NoOptions()),
                        (view, context) -> {
                            AttachmentBuilder attachment = new AttachmentBuilder(context, module -> module);
                            attachment.declare(ParameterSpec.of("value", Shape.of(), Initializer.constant(0), 0));
                            return Optional.of(attachment.build());
                        },
                        new AdapterBuilder.Setting(name, RandomStream.seeded(0), DType.FLOAT64, null, null, ""))
                .orElseThrow();
        adapters.add(adapter);
        return adapter;
    }

    private static Tensor tensor(AttachedAdapter adapter) {
        return adapter.attachment().parameters().get(0).tensor();
    }

    private static double value(AttachedAdapter adapter) {
        return tensor(adapter).item();
    }

    private Learning learning(String name, double weight, List<AttachedAdapter> attached, Objective objective) {
        return new Learning(name, model, attached, objective, weight, loss -> loss.mul(weight));
    }

    private OptimizerStep.Result step(Learning... batches) {
        return step(adapters, batches);
    }

    private OptimizerStep.Result step(List<AttachedAdapter> learners, Learning... batches) {
        OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(learners), batches[0].objective(), new Descent(), 0, false));
        List<Learning.Portion> portions = new ArrayList<>();
        for (Learning learning : batches) {
            portions.add(new Learning.Portion(learning, made -> new Batch(null, null, List.of())));
        }
        return step.takeMixed(portions, layer -> RATE, new Progress(0, 10, 0, 1), RandomStream.seeded(1));
    }

    @AfterEach
    void everythingIsFreed() {
        adapters.forEach(AttachedAdapter::release);
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void eachTaskCountsByItsWeightAndItsBatchesWhateverItsLossIsMeasuredOver() {
        AttachedAdapter shared = number("shared");
        Learning words = learning(
                "words",
                2,
                List.of(shared),
                new Said(runner -> tensor(shared).mul(3).add(5), 700));
        Learning pairs = learning(
                "pairs",
                1,
                List.of(shared),
                new Said(runner -> tensor(shared).mul(-4).add(2), 8));

        OptimizerStep.Result result = step(words, pairs, words);

        assertThat(value(shared)).isCloseTo(-RATE * (2 * 2 * 3 - 1 * 4) / 3, within(1e-12));
        assertThat(result.loss()).isCloseTo((2 * 2 * 5 + 1 * 2) / 5.0, within(1e-12));
        assertThat(result.metrics())
                .containsEntry("words/loss", 5.0)
                .containsEntry("pairs/loss", 2.0)
                .containsKeys("words/seen", "pairs/seen");
    }

    @Test
    void anAdapterOfOneTaskIsLeftAloneWhereTheTaskHasNoBatch() {
        AttachedAdapter shared = number("shared");
        AttachedAdapter own = number("own");
        Learning first = learning(
                "first", 1, List.of(shared), new Said(runner -> tensor(shared).mul(3), 1));
        Learning second = learning(
                "second",
                1,
                List.of(shared, own),
                new Said(runner -> tensor(shared).add(tensor(own).mul(7)), 1));

        step(first, first);
        assertThat(updated).containsExactly("shared/value");
        assertThat(value(own)).isZero();

        step(first, second);
        assertThat(updated).contains("own/value");
        assertThat(value(own)).isCloseTo(-RATE * 7 / 2, within(1e-12));
    }

    @Test
    void anUncertainTaskCountsLessUntilItsWeightIsThatOfItsLoss() {
        TaskSection easy = new TaskSection("easy", null, null, 1, null);
        TaskSection hard = new TaskSection("hard", null, null, 1, null);
        TaskWeights weights = TaskWeights.of(recipe(easy, hard), model);
        AttachedAdapter learnt = weights.learnt().orElseThrow();
        adapters.add(learnt);
        assertThat(weights.figures()).containsEntry("easy/log_variance", 0.0);
        Learning[] tasks = {
            uncertain(easy, weights, runner -> runner.tensors().full(Shape.of(), DType.FLOAT32, 0.25)),
            uncertain(hard, weights, runner -> runner.tensors().full(Shape.of(), DType.FLOAT32, 4))
        };

        for (int i = 0; i < 400; i++) {
            step(List.of(learnt), tasks[i % 2]);
        }

        // the minimum of exp(-s) L + s / 2 over s
        assertThat(weights.figures().get("easy/log_variance")).isCloseTo(Math.log(2 * 0.25), within(1e-4));
        assertThat(weights.figures().get("hard/log_variance")).isCloseTo(Math.log(2 * 4.0), within(1e-4));
    }

    private Learning uncertain(TaskSection task, TaskWeights weights, Function<Runner, Tensor> mean) {
        UnaryOperator<Tensor> weigh = loss -> weights.weigh(task, loss);
        return new Learning(task.name(), model, List.of(), new Said(mean, 3), 1, weigh);
    }

    private static Recipe recipe(TaskSection... tasks) {
        TrainingSection training = new TrainingSection(1.0, null, 1, 0, false, false, null, null, 1, 1, false, null);
        MixingSection mixing = new MixingSection(Sampling.EQUAL, 2, Weighting.UNCERTAINTY, 1);
        return new Recipe(
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(tasks),
                mixing,
                training,
                null,
                "out",
                false,
                null);
    }
}
