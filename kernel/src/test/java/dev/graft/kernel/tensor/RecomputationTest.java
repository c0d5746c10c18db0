package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecomputationTest {
    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);

    @Test
    void checkpointedBlocksGiveTheSameLossAndGradients() {
        assertThat(lossAndGradients(true)).isEqualTo(lossAndGradients(false));
    }

    @Test
    void aRerunGivesTheSameBits() {
        assertThat(lossAndGradients(false)).isEqualTo(lossAndGradients(false));
    }

    private List<List<Double>> lossAndGradients(boolean checkpointing) {
        List<List<Double>> all = new ArrayList<>();
        RandomStream random = RandomStream.seeded(4);
        try (SmallNetwork network = new SmallNetwork(tensors, 3, 1, checkpointing);
                Scope scope = tensors.scope()) {
            Tensor loss = network.loss(random);
            all.add(List.of(loss.item()));
            try (Gradients gradients = tensors.backward(loss, network.leaves())) {
                for (Tensor leaf : network.leaves()) {
                    all.add(Arrays.stream(SmallNetwork.values(engine, gradients.get(leaf)))
                            .boxed()
                            .toList());
                }
            }
            all.add(List.of((double) random.position()));
        }
        return all;
    }

    @Test
    void onlyTheArgumentIsKeptBetweenForwardAndBackward() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 0.1);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);

            Tensor y = tensors.checkpointed(leaf, x -> x.exp().tanh().exp().tanh(), RandomStream.seeded(1));

            assertThat(engine.liveArrays()).as("start, result").isEqualTo(2);
            assertThat(y.requiresGradient()).isTrue();
        }
    }

    @Test
    void whatTheFunctionCapturesGetsItsGradientToo() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 0.5);
                Array outside = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor captured = tensors.leaf(outside);
            Tensor earlier = captured.square();

            Tensor y = tensors.checkpointed(leaf, x -> x.mul(earlier).mul(captured), RandomStream.seeded(1));

            try (Gradients gradients = tensors.backward(y.sum(), List.of(leaf, captured))) {
                assertThat(SmallNetwork.values(engine, gradients.get(leaf))).containsExactly(8, 8);
                assertThat(SmallNetwork.values(engine, gradients.get(captured))).containsExactly(6, 6);
            }
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void theGradientReachesParametersWhenTheArgumentNeedsNone() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 0.5);
                Array outside = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor captured = tensors.leaf(outside);
            RandomStream random = RandomStream.seeded(1);

            Tensor y = tensors.checkpointed(tensors.constant(start), x -> x.mul(captured), random);

            try (Gradients gradients = tensors.backward(y.sum(), List.of(captured))) {
                assertThat(SmallNetwork.values(engine, gradients.get(captured))).containsExactly(0.5, 0.5);
            }
        }
    }

    @Test
    void aFunctionOfConstantsIsNotComputedAgain() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 0.5);
                Scope scope = tensors.scope()) {
            Tensor y = tensors.checkpointed(tensors.constant(start), Tensor::exp, RandomStream.seeded(1));

            assertThat(y.requiresGradient()).isFalse();
        }
    }

    @Test
    void aFunctionThatReturnsItsArgumentIsTheIdentity() {
        try (Array start = engine.full(Shape.of(), DType.FLOAT64, 0.5);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor x = leaf.mul(2);

            assertThat(tensors.checkpointed(x, same -> same, RandomStream.seeded(1))
                            .item())
                    .isEqualTo(1);
        }
    }

    @Test
    void checkpointsMayBeNested() {
        try (Array start = engine.full(Shape.of(), DType.FLOAT64, 0.5);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            RandomStream random = RandomStream.seeded(1);

            Tensor y = tensors.checkpointed(
                    leaf,
                    x -> tensors.checkpointed(x.square(), Tensor::square, random)
                            .mul(x),
                    random);

            try (Gradients gradients = tensors.backward(y, List.of(leaf))) {
                assertThat(SmallNetwork.values(engine, gradients.get(leaf))).containsExactly(5 * Math.pow(0.5, 4));
            }
        }
        assertThat(engine.liveArrays()).isZero();
    }
}
