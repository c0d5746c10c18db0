package dev.graft.spi.quantizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import java.util.Map;

/** Keeps a frozen weight in fewer bits. */
public interface Quantizer {
    /**
     * A quantised weight. The parts belong to whoever holds the record.
     *
     * @param shape extents of the original
     * @param dtype element type of the original
     * @param parts codes, scales and code books by name
     */
    record Quantized(Shape shape, DType dtype, Map<String, Array> parts) {}

    /** Quantises a weight; {@code weight} is left alone. */
    Quantized quantize(Engine engine, Array weight);

    /** The values a quantised weight stands for, in {@code dtype}. */
    Array dequantize(Engine engine, Quantized weight, DType dtype);

    /** A matrix to multiply with, by a fused product where there is one, else by dequantising. */
    FrozenMatrix freeze(Engine engine, Quantized weight, boolean inputMajor);
}
