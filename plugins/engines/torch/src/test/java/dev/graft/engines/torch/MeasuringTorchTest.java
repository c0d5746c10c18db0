package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engines.torch.measuring.MeasuringTorch;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The measuring engine holds what the torch engine holds. */
class MeasuringTorchTest {
    private static final List<Shape> SHAPES = List.of(
            Shape.of(2, 3, 4), Shape.of(6, 4), Shape.of(2, 12), Shape.of(24), Shape.of(3, 2, 2, 2), Shape.of(1, 24));

    @Property(tries = 200)
    void viewsShareWhereLibtorchShares(@ForAll long seed) {
        try (Engine torch = TorchEngine.start(TorchOptions.defaults());
                Engine measuring = new MeasuringTorch()) {
            assertThat(peakOfViews(measuring, new Random(seed))).isEqualTo(peakOfViews(torch, new Random(seed)));
            assertThat(measuring.liveArrays()).isZero();
            assertThat(measuring.liveBytes()).isZero();
        }
    }

    /** Some views of views, with computations on them between. */
    private static long peakOfViews(Engine engine, Random random) {
        List<Array> arrays = new ArrayList<>();
        arrays.add(engine.full(SHAPES.get(0), DType.FLOAT32, 1));
        for (int i = 0; i < 8; i++) {
            Array last = arrays.get(arrays.size() - 1);
            int rank = last.shape().rank();
            arrays.add(
                    switch (random.nextInt(4)) {
                        case 0 -> engine.reshape(last, SHAPES.get(random.nextInt(SHAPES.size())));
                        case 1 -> engine.permute(last, rotated(rank, random.nextInt(rank)));
                        case 2 -> engine.unary(Unary.NEG, last);
                        default -> engine.copy(last);
                    });
        }
        arrays.forEach(Array::close);
        return engine.peakBytes().orElseThrow();
    }

    private static int[] rotated(int rank, int by) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = (i + by) % rank;
        }
        return order;
    }

    @Test
    void aFrozenWeightIsHeldTwiceFromTheFirstBackwardPassOn() {
        try (Engine torch = TorchEngine.start(TorchOptions.defaults());
                Engine measuring = new MeasuringTorch()) {
            assertThat(peakOfProducts(measuring))
                    .isEqualTo(peakOfProducts(torch))
                    .isGreaterThan(2 * 64 * 32 * Float.BYTES);
        }
    }

    private static long peakOfProducts(Engine engine) {
        try (Array weight = engine.full(Shape.of(64, 32), DType.FLOAT32, 1);
                FrozenMatrix frozen = engine.freeze(weight, false);
                Array x = engine.full(Shape.of(5, 32), DType.FLOAT32, 1);
                Array y = engine.linear(x, frozen, null);
                Array gradient = engine.linearInputGradient(y, frozen);
                Array again = engine.linearInputGradient(y, frozen)) {
            assertThat(gradient.shape()).isEqualTo(again.shape());
            return engine.peakBytes().orElseThrow();
        }
    }

    @Test
    void integersAreReadBackAndMappedMemoryCountsAsNothing() {
        try (Engine measuring = new MeasuringTorch();
                Array ids = measuring.of(new long[] {3, 1, 2}, Shape.of(3));
                Array mapped = measuring.wrap(
                        ByteBuffer.allocateDirect(40).order(ByteOrder.LITTLE_ENDIAN), Shape.of(10), DType.FLOAT32)) {
            ByteBuffer read = ByteBuffer.allocateDirect(3 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            measuring.read(ids, 0, read);

            assertThat(read.rewind().asLongBuffer()).isEqualTo(java.nio.LongBuffer.wrap(new long[] {3, 1, 2}));
            assertThat(mapped.bytes()).isEqualTo(40);
            assertThat(measuring.liveBytes()).isEqualTo(24);
        }
    }
}
