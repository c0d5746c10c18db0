package dev.graft.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostEngineTest {
    private final HostEngine engine = new HostEngine();

    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, 1.00390625, 0x3f80",
        "BFLOAT16, 1.01171875, 0x3f82",
        "BFLOAT16, 3.4e38, 0x7f80",
        "FLOAT16, 65504, 0x7bff",
        "FLOAT16, 65520, 0x7c00",
        "FLOAT16, -5.9604644775390625e-8, 0x8001",
        "FLOAT16, 0.333251953125, 0x3555"
    })
    void halfPrecisionRoundsToNearestEven(DType dtype, double value, String bits) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);

        Rounding.write(Rounding.round(value, dtype), dtype, bytes);

        assertThat(Short.toUnsignedInt(bytes.getShort(0))).isEqualTo(Integer.decode(bits));
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16", "FLOAT16"})
    void everyHalfPrecisionNumberSurvivesBytes(DType dtype) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putShort(0, (short) bits);
            double value = Rounding.read(dtype, bytes);
            if (!Double.isNaN(value)) {
                assertThat(Rounding.round(value, dtype)).isEqualTo(value);
                Rounding.write(value, dtype, bytes.clear());
                assertThat(bytes.getShort(0)).isEqualTo((short) bits);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.34573123063700656", "-1, -0.15865525393145707", "3, 2.99595030590511"})
    void geluUsesTheNormalDistribution(double x, double expected) {
        assertThat(Functions.value(Unary.GELU, x)).isCloseTo(expected, within(1e-14));
    }

    @Test
    void singularValueDecompositionGivesTheMatrixBack() {
        try (Array x = engine.normal(Shape.of(3, 5), DType.FLOAT64, 7)) {
            Array[] parts = engine.svd(x);
            try (Array u = parts[0];
                    Array s = parts[1];
                    Array vt = parts[2];
                    Array scaled = engine.binary(Binary.MUL, u, s);
                    Array product = engine.matmul(scaled, vt, false, false)) {
                assertThat(engine.values(product)).containsExactly(engine.values(x), within(1e-12));
                assertThat(engine.values(s)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            }
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void writingToASliceShowsInTheWhole() {
        try (Array whole = engine.full(Shape.of(2, 3), DType.FLOAT32, 0);
                Array column = engine.slice(whole, 1, 1, 2);
                Array ones = engine.full(Shape.of(2, 1), DType.FLOAT32, 1)) {
            engine.addInPlace(column, ones, 5);

            assertThat(engine.values(whole)).containsExactly(0, 5, 0, 0, 5, 0);
        }
    }

    @Test
    void anArrayIsOfNoUseAfterItWasClosed() {
        Array array = engine.full(Shape.of(2), DType.FLOAT32, 1);
        array.close();
        array.close();

        assertThat(engine.liveArrays()).isZero();
        assertThatThrownBy(() -> engine.unary(Unary.NEG, array)).hasMessageContaining("after it was closed");
    }
}
