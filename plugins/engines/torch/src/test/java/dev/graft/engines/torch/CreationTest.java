package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CreationTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void filledArraysHoldTheirValueInEveryDType(DType dtype) {
        try (Array x = engine.full(Shape.of(2, 3), dtype, 1)) {
            assertThat(x.dtype()).isEqualTo(dtype);
            assertThat(x.bytes()).isEqualTo(6L * dtype.bytes());
            assertThat(Grid.from(engine, x).values()).containsOnly(1).hasSize(6);
        }
    }

    @Test
    void scalarsAndEmptyArraysHaveTheirShape() {
        try (Array scalar = engine.full(Shape.of(), DType.FLOAT32, 2);
                Array none = engine.empty(Shape.of(0, 4), DType.FLOAT32)) {
            assertThat(scalar.shape()).isEqualTo(Shape.of());
            assertThat(Grid.from(engine, scalar).values()).containsExactly(2);
            assertThat(none.shape()).isEqualTo(Shape.of(0, 4));
            assertThat(Grid.from(engine, none).values()).isEmpty();
        }
    }

    @Test
    void rangesCountUp() {
        assertThat(Grid.take(engine, engine.range(3, 7, DType.INT64)).values()).containsExactly(3, 4, 5, 6);
        assertThat(Grid.take(engine, engine.range(5, 5, DType.INT64)).values()).isEmpty();
    }

    @Test
    void aSeedGivesTheSameNumbersWhateverWasDrawnBefore() {
        Shape shape = Shape.of(40, 50);
        Grid first = Grid.take(engine, engine.normal(shape, DType.FLOAT32, 42));
        Grid.take(engine, engine.uniform(Shape.of(3), DType.FLOAT32, 1));
        Grid again = Grid.take(engine, engine.normal(shape, DType.FLOAT32, 42));
        Grid other = Grid.take(engine, engine.normal(shape, DType.FLOAT32, 43));
        assertThat(again.values()).containsExactly(first.values());
        assertThat(other.values()).isNotEqualTo(first.values());
    }

    @Test
    void drawnNumbersHaveTheirMoments() {
        double[] normal = Grid.take(engine, engine.normal(Shape.of(20000), DType.FLOAT64, 5))
                .values();
        assertThat(Arrays.stream(normal).average().orElseThrow()).isCloseTo(0, within(0.03));
        assertThat(Arrays.stream(normal).map(v -> v * v).average().orElseThrow())
                .isCloseTo(1, within(0.05));
        double[] uniform = Grid.take(engine, engine.uniform(Shape.of(20000), DType.FLOAT64, 5))
                .values();
        assertThat(Arrays.stream(uniform).average().orElseThrow()).isCloseTo(0.5, within(0.02));
        assertThat(Arrays.stream(uniform).min().orElseThrow()).isGreaterThanOrEqualTo(0);
        assertThat(Arrays.stream(uniform).max().orElseThrow()).isLessThan(1);
    }

    @Test
    void directBuffersAreSharedFromTheirPositionOn() {
        ByteBuffer memory = ByteBuffer.allocateDirect(24).order(ByteOrder.LITTLE_ENDIAN);
        memory.asFloatBuffer().put(new float[] {9, 9, 1, 2, 3, 9});
        memory.position(8).limit(20);
        try (Array x = engine.wrap(memory, Shape.of(3), DType.FLOAT32);
                Array tail = engine.slice(x, 0, 1, 3)) {
            assertThat(Grid.from(engine, tail).values()).containsExactly(2, 3);
            memory.putFloat(12, 7);
            assertThat(Grid.from(engine, tail).values()).containsExactly(7, 3);
        }
    }

    @Test
    void heapBuffersAndUnalignedMemoryAreCopied() {
        ByteBuffer heap = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        heap.putFloat(0, 4).putFloat(4, 5);
        ByteBuffer odd = ByteBuffer.allocateDirect(9).order(ByteOrder.LITTLE_ENDIAN);
        odd.putFloat(1, 4).putFloat(5, 5);
        odd.position(1);
        for (ByteBuffer memory : new ByteBuffer[] {heap, odd}) {
            try (Array x = engine.wrap(memory, Shape.of(2), DType.FLOAT32)) {
                assertThat(Grid.from(engine, x).values()).containsExactly(4, 5);
            }
        }
    }

    @Test
    void partsOfAnArrayAreWrittenAndReadAtAnOffset() {
        try (Array x = engine.full(Shape.of(4), DType.INT32, 1);
                Array column = engine.reshape(x, Shape.of(2, 2));
                Array turned = engine.permute(column, 1, 0)) {
            ByteBuffer part = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            part.putInt(0, 5).putInt(4, 6);
            engine.write(x, 4, part);
            assertThat(Grid.from(engine, x).values()).containsExactly(1, 5, 6, 1);
            ByteBuffer read = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            engine.read(turned, 4, read);
            assertThat(read.getInt(0)).isEqualTo(6);
        }
    }

    @Test
    void transfersBeyondAnArrayAndMisfitBuffersAreRefused() {
        try (Array x = engine.full(Shape.of(2), DType.FLOAT32, 0);
                Array square = engine.full(Shape.of(2, 2), DType.FLOAT32, 0);
                Array turned = engine.permute(square, 1, 0)) {
            assertThatThrownBy(() -> engine.write(x, 4, ByteBuffer.allocate(8)))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("write: bytes 4 to 12 lie outside an array of 8 bytes");
            assertThatThrownBy(() -> engine.wrap(ByteBuffer.allocate(8), Shape.of(3), DType.FLOAT32))
                    .hasMessage("a buffer of 8 bytes does not hold FLOAT32 elements of shape [3], which take 12");
            assertThatThrownBy(() -> engine.write(turned, 0, ByteBuffer.allocate(4)))
                    .hasMessage("write: the target of shape [2, 2] is not contiguous");
        }
    }

    @Test
    void closedAndForeignArraysAreRefused() {
        Array x = engine.full(Shape.of(2), DType.FLOAT32, 0);
        x.close();
        x.close();
        assertThat(x.isClosed()).isTrue();
        assertThatThrownBy(() -> engine.copy(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an array of shape [2] is used after it was closed");
        assertThatThrownBy(() -> engine.copy(null)).hasMessage("null was given where the torch engine needs an array");
    }
}
