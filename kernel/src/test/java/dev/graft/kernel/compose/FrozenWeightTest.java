package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenWeightTest {
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final Array array = engine.of(VALUES, Shape.of(2, 3));
    private final FrozenWeight weight = new FrozenWeight(tensors, "layer.weight", array, false);

    @AfterEach
    void nothingIsLeft() {
        weight.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void aWeightThatOnlyMultipliesIsHeldOnce() {
        long plain = engine.liveBytes();

        weight.matrix(false);

        assertThat(array.isClosed()).isTrue();
        assertThat(engine.liveBytes()).isEqualTo(plain);
        assertThat(weight.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(weight.dtype()).isEqualTo(DType.FLOAT32);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theValuesComeBackWhenSomebodyAsksForThem(boolean inputMajor) {
        var matrix = weight.matrix(inputMajor);

        Tensor tensor = weight.tensor();

        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(tensor.floats()).containsExactly(VALUES);
        assertThat(weight.tensor()).isSameAs(tensor);
        assertThat(weight.matrix(inputMajor)).isSameAs(matrix);
    }

    @Test
    void valuesThatSomebodyHasSeenStayWhereTheyAre() {
        Tensor seen = weight.tensor();

        weight.matrix(false);

        assertThat(((ArrayTensor) seen).array()).isSameAs(array);
        assertThat(seen.floats()).containsExactly(VALUES);
    }

    @Test
    void twoOrientationsAreRefused() {
        weight.matrix(false);

        assertThatThrownBy(() -> weight.matrix(true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("weight layer.weight is used in two orientations");
    }
}
