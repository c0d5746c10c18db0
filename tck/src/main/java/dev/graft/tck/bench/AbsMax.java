package dev.graft.tck.bench;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.quantizer.Quantizer;
import dev.graft.spi.quantizer.QuantizerProvider;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The kit's own quantizer, the smallest that keeps every rule: whole numbers of eight bits or fewer, with one scale for each index of
 * the first axis. Of a row w, with {@code q = 2^(bits - 1) - 1} and {@code s = max |w| / q}, the codes are {@code round(w / s)} and
 * the values {@code s} times the codes. Broken variants of it show that rules find something.
 */
public final class AbsMax implements QuantizerProvider<AbsMax.Config> {
    private static final String CODES = "codes";
    private static final String SCALES = "scales";

    /**
     * Its configuration.
     *
     * @param bits of a code
     */
    public record Config(
            @Key(value = "Bits of a code, the sign among them", defaultsTo = "8", min = 2, max = 8)
            int bits) {}

    @Override
    public String id() {
        return "tck-absmax";
    }

    @Override
    public String summary() {
        return "The test kit's own quantizer: whole numbers with a scale per row";
    }

    @Override
    public Class<Config> configuration() {
        return Config.class;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Quantizer create(Config configuration) {
        return new Rows((1 << (configuration.bits() - 1)) - 1);
    }

    /**
     * Codes and scales of rows.
     *
     * @param most the largest code
     */
    private record Rows(int most) implements Quantizer {
        @Override
        public Quantized quantize(Engine engine, Array weight) {
            if (!weight.dtype().isFloating() || weight.shape().rank() == 0) {
                throw new ConfigurationException("a weight of type " + weight.dtype() + " and shape " + weight.shape()
                        + " cannot be quantised; it must have rows of floating-point numbers");
            }
            if (!engine.allFinite(weight)) {
                throw new ConfigurationException(
                        "a weight of shape " + weight.shape() + " cannot be quantised, since not all of it is finite");
            }
            double[] values = Doubles.of(engine, weight);
            int rows = Math.toIntExact(weight.shape().size(0));
            float[] scales = new float[rows];
            byte[] codes = new byte[values.length];
            for (int row = 0; row < rows; row++) {
                int from = row * (values.length / rows);
                int to = from + values.length / rows;
                scales[row] = scale(values, from, to);
                for (int i = from; i < to; i++) {
                    codes[i] = (byte) Math.max(-most, Math.min(most, Math.rint(values[i] / scales[row])));
                }
            }
            return new Quantized(
                    weight.shape(),
                    weight.dtype(),
                    Map.of(CODES, bytes(engine, codes, weight.shape()), SCALES, engine.of(scales, Shape.of(rows))));
        }

        /** Rows without anything but zeros, or numbers too small for a scale, get the scale 1. */
        private float scale(double[] values, int from, int to) {
            double largest = 0;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = (float) (largest / most);
            return scale == 0 ? 1 : scale;
        }

        private static Array bytes(Engine engine, byte[] codes, Shape shape) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(codes.length);
            bytes.put(codes).flip();
            Array array = engine.empty(shape, DType.INT8);
            engine.write(array, 0, bytes);
            return array;
        }

        @Override
        public Array dequantize(Engine engine, Quantized weight, DType dtype) {
            long[] perRow = new long[weight.shape().rank()];
            Arrays.fill(perRow, 1);
            perRow[0] = weight.shape().size(0);
            try (Array codes = engine.cast(weight.parts().get(CODES), DType.FLOAT32);
                    Array scales = engine.reshape(weight.parts().get(SCALES), Shape.of(perRow));
                    Array values = engine.binary(Binary.MUL, codes, scales)) {
                return engine.cast(values, dtype);
            }
        }

        @Override
        public FrozenMatrix freeze(Engine engine, Quantized weight, boolean inputMajor) {
            try (Array values = dequantize(engine, weight, weight.dtype())) {
                return engine.freeze(values, inputMajor);
            }
        }
    }
}
