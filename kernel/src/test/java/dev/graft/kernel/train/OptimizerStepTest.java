package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.EveryPatch;
import dev.graft.kernel.sample.EveryPatch.Kind;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OptimizerStepTest {
    private static final List<Example> EXAMPLES =
            List.of(example(3, 1, 4, 1, 5), example(9, 2), example(6, 5, 3), example(5, 8, 9, 7), example(11, 12));

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final LoadedModel model = SmallDecoder.load(tensors, DType.FLOAT64, 16);
    private final List<AttachedAdapter> adapters = new ArrayList<>();

    private static Example example(int... ids) {
        return Example.of(Sequence.of(ids, ids.clone()));
    }

    /** Follows the gradients without state. */
    private static final class Descent implements Optimizer {
        @Override
        public void step(Engine engine, List<Update> updates) {
            updates.forEach(update -> engine.addInPlace(update.value(), update.gradient(), -update.learningRate()));
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

    /** Next tokens, with a last word on the loss. */
    private record NextTokens(BiFunction<Tensor, Output, Tensor> last) implements Objective {
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
            Output output = runner.forward(batch.input());
            Tensor sum = output.tokenLosses(batch.labels(), true).sum();
            long weight = output.labelled(batch.labels(), true);
            return new Loss(
                    last.apply(sum, output),
                    weight,
                    Map.of("rows", new Loss.Metric(batch.labels().size(0), 1)));
        }

        @Override
        public Evaluator evaluator() {
            throw new UnsupportedOperationException();
        }
    }

    private AttachedAdapter adapter(double dropout, Kind... kinds) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting("trained", RandomStream.seeded(4), DType.FLOAT64, null, null, "");
        AttachedAdapter adapter =
                AdapterBuilder.attach(model, new EveryPatch(Set.of(kinds), 2, dropout), new NoOptions(), setting);
        adapters.add(adapter);
        return adapter;
    }

    private AttachedAdapter adapter() {
        return adapter(0, Kind.OUTPUT, Kind.NORM, Kind.SUBLAYER);
    }

    @AfterEach
    void everythingIsFreed() {
        adapters.forEach(AttachedAdapter::release);
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    private OptimizerStep step(AttachedAdapter adapter, double clip, boolean checkpointing) {
        return step(adapter, clip, checkpointing, (loss, output) -> loss);
    }

    private OptimizerStep step(
            AttachedAdapter adapter, double clip, boolean checkpointing, BiFunction<Tensor, Output, Tensor> last) {
        return new OptimizerStep(new OptimizerStep.Setting(
                model,
                new TrainedParameters(List.of(adapter)),
                new NextTokens(last),
                new Descent(),
                clip,
                checkpointing));
    }

    private static OptimizerStep.Result take(OptimizerStep step, RandomStream random, HostBatch... batches) {
        List<Function<Tensors, Batch>> sources = new ArrayList<>();
        Arrays.stream(batches).forEach(batch -> sources.add(batch::toBatch));
        return step.take(sources, layer -> 0.1, new Progress(0, 10, 0, 1), random);
    }

    private static OptimizerStep.Result take(OptimizerStep step, HostBatch... batches) {
        return take(step, RandomStream.seeded(1), batches);
    }

    private static HostBatch batch(int from, int to) {
        return HostBatch.padded(EXAMPLES.subList(from, to), 0, 1);
    }

    private float[] values(AttachedAdapter adapter) {
        try (Scope scope = tensors.scope()) {
            List<Tensor> flat = new ArrayList<>();
            adapter.attachment()
                    .parameters()
                    .forEach(parameter -> flat.add(parameter.tensor().reshape(-1)));
            return tensors.concat(flat, 0).floats();
        }
    }

    @Test
    void accumulatedBatchesOfUnequalSizeAreOneLargeBatch() {
        AttachedAdapter large = adapter();
        AttachedAdapter parts = adapter();

        OptimizerStep.Result whole = take(step(large, 0, false), batch(0, 5));
        OptimizerStep.Result summed = take(step(parts, 0, false), batch(0, 1), batch(1, 4), batch(4, 5));

        assertThat(summed.loss()).isCloseTo(whole.loss(), within(1e-6));
        assertThat(summed.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-6));
        assertThat(values(parts)).containsExactly(values(large), within(1e-6f));
        assertThat(summed.metrics()).containsExactlyEntriesOf(Map.of("rows", 5.0 / 3));
    }

    @Test
    void aBatchWithoutLabelsTeachesNothing() {
        AttachedAdapter adapter = adapter();
        float[] before = values(adapter);
        HostBatch silent = HostBatch.padded(List.of(example(7)), 0, 1);

        OptimizerStep.Result result = take(step(adapter, 1, false), silent);

        assertThat(result.loss()).isZero();
        assertThat(values(adapter)).containsExactly(before);
    }

    @Test
    void clippingScalesAllGradientsTogetherToTheNorm() {
        AttachedAdapter free = adapter();
        AttachedAdapter clipped = adapter();
        float[] before = values(free);
        double norm = take(step(free, 0, false), batch(0, 5)).gradientNorm();
        double limit = norm / 4;

        double reported = take(step(clipped, limit, false), batch(0, 5)).gradientNorm();

        assertThat(reported).isEqualTo(norm);
        float[] whole = values(free);
        float[] quarter = values(clipped);
        double squares = 0;
        for (int i = 0; i < before.length; i++) {
            squares += Math.pow((quarter[i] - before[i]) / 0.1, 2);
            assertThat(quarter[i] - before[i]).isCloseTo((whole[i] - before[i]) / 4, within(1e-6f));
        }
        assertThat(Math.sqrt(squares)).isCloseTo(limit, within(1e-4));
    }

    @Test
    void aNormBelowTheLimitIsLeftAlone() {
        AttachedAdapter free = adapter();
        AttachedAdapter clipped = adapter();

        take(step(free, 0, false), batch(0, 5));
        take(step(clipped, 1e6, false), batch(0, 5));

        assertThat(values(clipped)).containsExactly(values(free));
    }

    @Test
    void aLossThatIsNotFiniteChangesNothingAndIsOneSentence() {
        for (double factor : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            AttachedAdapter adapter = adapter();
            OptimizerStep step = step(adapter, 1, false, (loss, output) -> loss.mul(factor));
            assertThatStepIsRefused(adapter, step, "the loss at step 1 is " + factor);
        }
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothingAndIsOneSentence() {
        AttachedAdapter adapter = adapter();
        OptimizerStep step = step(
                adapter,
                1,
                false,
                (loss, output) -> loss.add(output.hidden().mul(0).sum().sqrt()));
        assertThatStepIsRefused(adapter, step, "the gradients at step 1 are not finite");
    }

    private void assertThatStepIsRefused(AttachedAdapter adapter, OptimizerStep step, String sentence) {
        float[] before = values(adapter);
        take(step(adapter(), 0, false), batch(0, 1));
        long arrays = engine.liveArrays();

        assertThatThrownBy(() -> take(step, batch(0, 2), batch(2, 5)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(sentence)
                .hasMessageEndingWith("parameters were left as they were");

        assertThat(values(adapter)).containsExactly(before);
        assertThat(engine.liveArrays()).isEqualTo(arrays);
    }

    @Test
    void recomputedBlocksGiveTheSameTrajectoryToTheBitWithDropout() {
        Kind[] kinds = {Kind.OUTPUT, Kind.INPUT, Kind.PREFIX, Kind.VIRTUAL, Kind.NORM, Kind.SUBLAYER};
        AttachedAdapter kept = adapter(0.3, kinds);
        AttachedAdapter recomputed = adapter(0.3, kinds);
        RandomStream random = RandomStream.seeded(8);
        RandomStream again = RandomStream.seeded(8);

        for (int i = 0; i < 4; i++) {
            OptimizerStep.Result plain = take(step(kept, 1, false), random, batch(0, 3), batch(3, 5));
            OptimizerStep.Result second = take(step(recomputed, 1, true), again, batch(0, 3), batch(3, 5));
            assertThat(second).isEqualTo(plain);
            assertThat(again.position()).isEqualTo(random.position());
        }

        assertThat(values(recomputed)).containsExactly(values(kept));
    }

    @Test
    void dropoutDependsOnTheSeed() {
        double one = take(step(adapter(0.3, Kind.OUTPUT), 0, false), RandomStream.seeded(1), batch(0, 5))
                .loss();
        double two = take(step(adapter(0.3, Kind.OUTPUT), 0, false), RandomStream.seeded(2), batch(0, 5))
                .loss();

        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void everyStepLeavesTheMemoryItFound() {
        AttachedAdapter adapter = adapter(0.1, Kind.values());
        for (boolean checkpointing : new boolean[] {false, true}) {
            OptimizerStep step = step(adapter, 1, checkpointing);
            take(step, batch(0, 2));
            long arrays = engine.liveArrays();
            long bytes = engine.liveBytes();
            for (int i = 0; i < 20; i++) {
                take(step, batch(0, 3), batch(2, 5));
                assertThat(engine.liveArrays()).isEqualTo(arrays);
                assertThat(engine.liveBytes()).isEqualTo(bytes);
            }
        }
    }
}
