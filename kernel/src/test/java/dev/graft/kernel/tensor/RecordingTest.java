package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {
    private final HostEngine engine = spy(new HostEngine());
    private final GraftTensors tensors = new GraftTensors(engine);

    @ParameterizedTest
    @CsvSource({"3,0,false", "3,1,false", "3,2,false", "3,2,true", "5,4,true"})
    void nothingBelowTheLowestLeafIsVisited(int blocks, int trainedFrom, boolean checkpointing) {
        int trained = blocks - trainedFrom;
        try (SmallNetwork network = new SmallNetwork(tensors, blocks, trainedFrom, checkpointing);
                Scope scope = tensors.scope()) {
            Tensor loss = network.loss(RandomStream.seeded(1));
            clearInvocations(engine);

            tensors.backward(loss, network.leaves()).close();

            int recomputed = checkpointing ? trained : 0;
            verify(engine, times(trained)).attentionBackward(any(), any(), any(), any(), any(), any(), anyBoolean());
            verify(engine, times(recomputed)).attention(any(), any(), any(), any(), anyBoolean());
            verify(engine, times(trained - 1)).rmsNormBackward(any(), any(), any(), any(), anyBoolean(), anyBoolean());
        }
    }

    @Test
    void whatIsFrozenGetsNoGradient() {
        try (Array start = engine.full(Shape.of(2, 3), DType.FLOAT64, 2);
                Array other = engine.full(Shape.of(3, 4), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor constant = tensors.constant(other);
            Tensor loss = leaf.matmul(constant).sum();
            clearInvocations(engine);

            try (Gradients gradients = tensors.backward(loss, List.of(leaf, constant))) {
                assertThat(gradients.get(leaf)).isNotNull();
                assertThat(gradients.get(constant)).isNull();
            }
            verify(engine, times(1)).matmul(any(), any(), anyBoolean(), anyBoolean());
        }
    }

    @Test
    void anOperationOnConstantsIsNotRecorded() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor constant = tensors.constant(start);
            Tensor result = constant.exp().softmax(0).sum();

            assertThat(result.requiresGradient()).isFalse();
            assertThat(tensors.backward(result, List.of(constant)).get(constant))
                    .isNull();
        }
    }

    @Test
    void gradientsThatNobodyElseKnowsAreAddedUpInPlace() {
        try (Array start = engine.full(Shape.of(2, 3), DType.FLOAT64, 2);
                Array weight = engine.full(Shape.of(3, 3), DType.FLOAT64, 2);
                FrozenMatrix frozen = engine.freeze(weight, false);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor x = leaf.tanh();
            Tensor branches = x.add(tensors.frozenLinear(x, frozen, null)).add(tensors.frozenLinear(x, frozen, null));
            Tensor loss = branches.sum();
            clearInvocations(engine);

            tensors.backward(loss, List.of(leaf)).close();

            verify(engine, never()).binary(eq(Binary.ADD), any(), any(Array.class));
            verify(engine, times(2)).addInPlace(any(), any(), eq(1.0));
        }
    }

    @Test
    void everyLeafOwnsItsGradient() {
        try (Array first = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Array second = engine.full(Shape.of(2), DType.FLOAT64, 3);
                Scope scope = tensors.scope()) {
            Tensor a = tensors.leaf(first);
            Tensor b = tensors.leaf(second);
            try (Gradients gradients =
                    tensors.backward(a.add(b).add(a.reshape(2, 1).reshape(2)).sum(), List.of(a, b))) {
                engine.scaleInPlace(gradients.get(a), 10);

                assertThat(SmallNetwork.values(engine, gradients.get(a))).containsExactly(20, 20);
                assertThat(SmallNetwork.values(engine, gradients.get(b))).containsExactly(1, 1);
            }
        }
    }

    @Test
    void aSecondBackwardPassThroughTheSameOperationIsAnError() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor loss = leaf.exp().sum();
            tensors.backward(loss, List.of(leaf)).close();

            assertThatThrownBy(() -> tensors.backward(loss, List.of(leaf)))
                    .hasMessageContaining("an earlier pass went through it");
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void gradientsAreTakenOfOneNumber() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);

            assertThatThrownBy(() -> tensors.backward(leaf.exp(), List.of(leaf)))
                    .hasMessage("gradients are taken of one number, not of shape [2]");
        }
    }
}
