package dev.graft.tck.bench;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of arrays as doubles, whatever their type. */
public final class Doubles {
    private Doubles() {}

    /** All elements, row-major. */
    public static double[] of(Engine engine, Array array) {
        try (Array wide = engine.cast(array, DType.FLOAT64);
                Array plain = engine.copy(wide)) {
            ByteBuffer bytes =
                    ByteBuffer.allocateDirect(Math.toIntExact(plain.bytes())).order(ByteOrder.LITTLE_ENDIAN);
            engine.read(plain, 0, bytes);
            double[] values = new double[Math.toIntExact(plain.shape().elements())];
            bytes.rewind().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
            return values;
        }
    }

    /** Overwrites one element of an array of double precision. */
    public static void set(Engine engine, Array array, int element, double value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(0, value);
        engine.write(array, (long) element * Double.BYTES, bytes);
    }

    /** The index of the element furthest from 0. */
    public static int steepest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = Math.abs(values[i]) > Math.abs(values[best]) ? i : best;
        }
        return best;
    }
}
