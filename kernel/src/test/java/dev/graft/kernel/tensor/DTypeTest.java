package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DTypeTest {
    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveArrays()).isZero();
    }

    static Stream<BinaryOperator<Tensor>> operations() {
        AttentionRules rules = new AttentionRules(1, false, null, null);
        return Stream.of(
                Tensor::add,
                Tensor::mul,
                Tensor::matmul,
                Tensor::gatedSilu,
                (a, b) -> a.addScaled(b, 2),
                (a, b) -> a.linear(b, null),
                (a, b) -> a.where(a.apply(Binary.GT, b), b),
                (a, b) -> a.reshape(1, 1, 2, 2)
                        .attention(b.reshape(1, 1, 2, 2), b.reshape(1, 1, 2, 2), rules)
                        .reshape(2, 2));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void operandsMeetInTheWiderDTypeAndGradientsComeBackInTheirOwn(BinaryOperator<Tensor> operation) {
        try (Array narrow = engine.full(Shape.of(2, 2), DType.BFLOAT16, 2);
                Array wide = engine.full(Shape.of(2, 2), DType.FLOAT32, 0.5);
                Scope scope = tensors.scope()) {
            Tensor a = tensors.leaf(narrow);
            Tensor b = tensors.leaf(wide);

            Tensor result = operation.apply(a, b);

            assertThat(result.dtype()).isEqualTo(DType.FLOAT32);
            try (Gradients gradients = tensors.backward(result.sum(), List.of(a, b))) {
                assertThat(gradients.get(a).dtype()).isEqualTo(DType.BFLOAT16);
                assertThat(gradients.get(b).dtype()).isEqualTo(DType.FLOAT32);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, FLOAT16, FLOAT32",
        "FLOAT32, FLOAT64, FLOAT64",
        "INT64, BFLOAT16, BFLOAT16",
        "INT32, INT64, INT64",
        "UINT8, INT8, INT64",
        "BOOL, INT64, INT64"
    })
    void dtypesMeet(DType a, DType b, DType meeting) {
        assertThat(Promotion.meeting(a, b)).isEqualTo(meeting);
        assertThat(Promotion.meeting(b, a)).isEqualTo(meeting);
    }

    @Test
    void aNumberTakesTheTensorsDType() {
        try (Scope scope = tensors.scope()) {
            Tensor x = tensors.full(Shape.of(2), DType.BFLOAT16, 1);

            assertThat(x.mul(0.3).dtype()).isEqualTo(DType.BFLOAT16);
            assertThat(x.mul(0.3).floats()).containsExactly(0.30078125f, 0.30078125f);
            assertThat(x.apply(Binary.GT, 0.5).dtype()).isEqualTo(DType.BOOL);
        }
    }

    @Test
    void parametersOfANormMeetTheInputInItsDType() {
        try (Array wide = engine.full(Shape.of(4), DType.FLOAT32, 1.5);
                Scope scope = tensors.scope()) {
            Tensor weight = tensors.leaf(wide);
            Tensor x = tensors.normal(Shape.of(2, 4), DType.BFLOAT16, 0, 1, RandomStream.seeded(1));

            Tensor y = x.layerNorm(weight, weight, 1e-5).add(x.rmsNorm(weight, 1e-5));

            assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
            try (Gradients gradients = tensors.backward(y.sum(), List.of(weight))) {
                assertThat(gradients.get(weight).dtype()).isEqualTo(DType.FLOAT32);
            }
        }
    }

    @Test
    void aCastToIntegersEndsTheGradient() {
        try (Array start = engine.full(Shape.of(2), DType.FLOAT32, 2.75);
                Scope scope = tensors.scope()) {
            Tensor whole = tensors.leaf(start).cast(DType.INT64);

            assertThat(whole.requiresGradient()).isFalse();
            assertThat(whole.longs()).containsExactly(2, 2);
        }
    }

    @Test
    void dropoutOfAProbabilityOutsideItsRangeIsRefused() {
        try (Scope scope = tensors.scope()) {
            Tensor x = tensors.full(Shape.of(4), DType.FLOAT32, 1);

            assertThat(x.dropout(1, RandomStream.seeded(1)).floats()).containsOnly(0f);
            assertThatThrownBy(() -> x.dropout(1.5, RandomStream.seeded(1)))
                    .hasMessage("dropout probability 1.5 is not in [0, 1]");
        }
    }
}
