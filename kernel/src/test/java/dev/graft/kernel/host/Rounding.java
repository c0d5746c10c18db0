package dev.graft.kernel.host;

import dev.graft.spi.engine.DType;
import java.nio.ByteBuffer;

/** What each dtype can represent, and how it is laid out in bytes. */
final class Rounding {
    private Rounding() {}

    /** The nearest number of the dtype, ties to even; integers truncate and wrap. */
    static double round(double x, DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> x;
            case FLOAT32 -> (float) x;
            case BFLOAT16 -> toPrecision(x, 7, -126, 0x1.FEp127);
            case FLOAT16 -> toPrecision(x, 10, -14, 65504);
            case INT64 -> (long) x;
            case INT32 -> (int) (long) x;
            case INT8 -> (byte) (long) x;
            case UINT8 -> (long) x & 0xff;
            case BOOL -> x != 0 ? 1 : 0;
        };
    }

    private static double toPrecision(double x, int fractionBits, int smallestExponent, double largest) {
        if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
            return x;
        }
        double quantum = Math.scalb(1.0, Math.max(Math.getExponent(x), smallestExponent) - fractionBits);
        double rounded = Math.rint(x / quantum) * quantum;
        return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, x) : rounded;
    }

    static void write(double x, DType dtype, ByteBuffer target) {
        switch (dtype) {
            case FLOAT64 -> target.putDouble(x);
            case FLOAT32 -> target.putFloat((float) x);
            case BFLOAT16 -> target.putShort((short) (Float.floatToIntBits((float) x) >>> 16));
            case FLOAT16 -> target.putShort(halfBits(x));
            case INT64 -> target.putLong((long) x);
            case INT32 -> target.putInt((int) x);
            case INT8, UINT8, BOOL -> target.put((byte) (long) x);
        }
    }

    static double read(DType dtype, ByteBuffer source) {
        return switch (dtype) {
            case FLOAT64 -> source.getDouble();
            case FLOAT32 -> source.getFloat();
            case BFLOAT16 -> Float.intBitsToFloat(source.getShort() << 16);
            case FLOAT16 -> half(source.getShort());
            case INT64 -> source.getLong();
            case INT32 -> source.getInt();
            case INT8 -> source.get();
            case UINT8 -> source.get() & 0xff;
            case BOOL -> source.get() != 0 ? 1 : 0;
        };
    }

    private static short halfBits(double x) {
        int sign = Double.doubleToLongBits(x) < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(x);
        if (Double.isNaN(x)) {
            return 0x7e00;
        }
        if (Double.isInfinite(x)) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x1p-14) {
            return (short) (sign | (int) Math.scalb(magnitude, 24));
        }
        int exponent = Math.getExponent(magnitude);
        return (short) (sign | ((exponent + 15) << 10) | ((int) Math.scalb(magnitude, 10 - exponent) & 0x3ff));
    }

    private static double half(short bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude = switch (exponent) {
            case 0 -> Math.scalb((double) fraction, -24);
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb(1024.0 + fraction, exponent - 25);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
