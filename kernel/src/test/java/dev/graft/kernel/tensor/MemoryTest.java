package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterTrainingStepsMemoryIsWhereItWas(boolean checkpointing) {
        try (SmallNetwork network = new SmallNetwork(tensors, 3, 1, checkpointing)) {
            long before = engine.liveArrays();
            for (int step = 0; step < 3; step++) {
                try (Scope scope = tensors.scope();
                        Gradients gradients = tensors.backward(network.loss(random()), network.leaves())) {
                    assertThat(network.leaves()).allMatch(leaf -> gradients.get(leaf) != null);
                }
                assertThat(engine.liveArrays()).isEqualTo(before);
            }
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void aRecordingThatIsNeverUsedIsFreedWithItsScope() {
        try (SmallNetwork network = new SmallNetwork(tensors, 2, 0, false);
                Scope outer = tensors.scope()) {
            long before = engine.liveArrays();

            try (Scope inner = tensors.scope()) {
                network.loss(random());
            }

            assertThat(engine.liveArrays()).isEqualTo(before);
        }
    }

    @Test
    void aBackwardPassFreesWhatWasSavedAsItGoes() {
        try (Array start = engine.full(Shape.of(4), DType.FLOAT64, 0.01);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            Tensor end;
            try (Scope inner = tensors.scope()) {
                Tensor x = leaf;
                for (int i = 0; i < 50; i++) {
                    x = x.tanh();
                }
                end = inner.keep(x.sum());
            }
            assertThat(engine.liveArrays()).as("start, 50 results, sum").isEqualTo(52);

            tensors.backward(end, List.of(leaf)).close();

            assertThat(engine.liveArrays()).as("start, sum").isEqualTo(2);
        }
    }

    @Test
    void closingAScopeFreesWhatNoOperationSaved() {
        try (Array start = engine.full(Shape.of(4), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);
            try (Scope inner = tensors.scope()) {
                Tensor constant = tensors.full(Shape.of(4), DType.FLOAT64, 3);
                Tensor sum = leaf.add(1).add(constant).mul(5).sub(leaf).neg();
                inner.keep(sum.mul(constant));
            }

            assertThat(engine.liveArrays()).as("start, constant, product").isEqualTo(3);
        }
    }

    @Test
    void nothingIsSavedForAProductWithAFrozenWeight() {
        try (Array start = engine.full(Shape.of(2, 3), DType.FLOAT64, 2);
                Array weight = engine.full(Shape.of(4, 3), DType.FLOAT64, 1);
                var frozen = engine.freeze(weight, false);
                Scope scope = tensors.scope()) {
            try (Scope inner = tensors.scope()) {
                Tensor x = tensors.leaf(start).add(1);
                inner.keep(tensors.frozenLinear(x, frozen, null));
            }

            assertThat(engine.liveArrays()).as("start, weight, frozen, result").isEqualTo(4);
        }
    }

    @Test
    void anOperandThatWasWidenedToMeetTheOtherIsSavedAsItWas() {
        try (Array narrow = engine.full(Shape.of(2, 8, 16), DType.BFLOAT16, 3);
                Array wide = engine.full(Shape.of(4, 16), DType.FLOAT32, 2);
                Scope scope = tensors.scope()) {
            long before = engine.liveBytes();
            Tensor leaf = tensors.leaf(wide);
            Tensor product;
            try (Scope inner = tensors.scope()) {
                product = inner.keep(tensors.constant(narrow).linear(leaf, null));
            }

            long result = 2 * 8 * 4 * 4;
            long viewOfNarrow = 2 * 8 * 16 * 2;
            assertThat(product.dtype()).isEqualTo(DType.FLOAT32);
            assertThat(engine.liveBytes() - before).isEqualTo(result + viewOfNarrow);
            try (Gradients gradients = tensors.backward(product.sum(), List.of(leaf))) {
                Array gradient = gradients.get(leaf);
                assertThat(tensors.constant(gradient).floats()).hasSize(64).containsOnly(2 * 8 * 3f);
            }
        }
    }

    @Test
    void withoutGradientNothingIsRecorded() {
        try (Array start = engine.full(Shape.of(3), DType.FLOAT64, 2);
                Scope scope = tensors.scope()) {
            Tensor leaf = tensors.leaf(start);

            Tensor result = tensors.withoutGradient(() -> leaf.exp().mul(leaf));

            assertThat(result.requiresGradient()).isFalse();
            assertThat(leaf.exp().requiresGradient()).isTrue();
            assertThat(leaf.exp().detach().requiresGradient()).isFalse();
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void aKeptTensorOutlivesItsScope() {
        try (Scope outer = tensors.scope()) {
            Tensor kept;
            Tensor dropped;
            try (Scope inner = tensors.scope()) {
                dropped = tensors.full(Shape.of(), DType.FLOAT64, 2);
                kept = inner.keep(dropped.mul(3));
            }

            assertThat(kept.item()).isEqualTo(6);
            assertThatThrownBy(dropped::item).isInstanceOf(IllegalStateException.class);
            assertThat(engine.liveArrays()).isEqualTo(1);
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void anOperationOutsideAllScopesIsAnErrorThatLeavesNothing() {
        try (Array start = engine.full(Shape.of(3), DType.FLOAT64, 2)) {
            Tensor leaf = tensors.leaf(start);

            assertThatThrownBy(leaf::exp).hasMessageContaining("no scope is open on this thread");
            assertThatThrownBy(() -> tensors.zeros(Shape.of(2), DType.FLOAT32)).hasMessageContaining("no scope");

            assertThat(engine.liveArrays()).isEqualTo(1);
        }
    }

    @Test
    void scopesAreClosedInTheReverseOrderOfOpening() {
        try (Scope outer = tensors.scope();
                Scope inner = tensors.scope()) {
            assertThatThrownBy(outer::close).hasMessageContaining("reverse order");
        }
    }

    private static RandomStream random() {
        return RandomStream.seeded(9);
    }
}
