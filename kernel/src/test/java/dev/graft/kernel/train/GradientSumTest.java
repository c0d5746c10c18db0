package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class GradientSumTest {
    private final HostEngine engine = new HostEngine();

    private Array array(float... values) {
        return engine.of(values, Shape.of(values.length));
    }

    private float[] values(Array array) {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) array.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, bytes);
        float[] values = new float[(int) array.shape().elements()];
        bytes.rewind().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Test
    void batchesCountByTheirWeight() {
        try (GradientSum sum = new GradientSum(engine, 1)) {
            sum.add(new Array[] {array(1, 2)}, 4, 1);
            sum.add(new Array[] {array(5, -2)}, 8, 3);

            assertThat(values(sum.gradient(0))).containsExactly(new float[] {4, -1}, within(1e-6f));
            assertThat(sum.meanLoss()).isEqualTo(7);
            assertThat(sum.norm()).isCloseTo(Math.sqrt(17), within(1e-6));
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void aBatchThatDoesNotReachAParameterCountsTowardsItsMean() {
        try (GradientSum sum = new GradientSum(engine, 2)) {
            sum.add(new Array[] {array(2), null}, 0, 1);
            sum.add(new Array[] {null, array(2)}, 0, 1);
            sum.add(new Array[] {null, array(8)}, 0, 2);

            assertThat(values(sum.gradient(0))).containsExactly(new float[] {0.5f}, within(1e-6f));
            assertThat(values(sum.gradient(1))).containsExactly(new float[] {4.5f}, within(1e-6f));
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void whatNothingReachedHasNoGradient() {
        try (GradientSum sum = new GradientSum(engine, 1)) {
            sum.add(new Array[] {null}, 3, 2);

            assertThat(sum.gradient(0)).isNull();
            assertThat(sum.norm()).isZero();
            assertThat(sum.meanLoss()).isEqualTo(3);
        }
    }
}
