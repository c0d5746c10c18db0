package dev.graft.spi.quantizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import java.util.Map;

/**
 * Keeps a frozen weight in fewer bits.
 *
 * <p>What was dequantised, quantised and dequantised again MUST be the same but for rounding (rule 11.06). Parts
 * that were written and read MUST stand for the same values, to the bit (rule 11.12). Nothing MUST be alive
 * afterwards but what is given back (rule 11.13), and threads MUST come to the same parts (rule 11.14).
 */
public interface Quantizer {
    /**
     * A quantised weight. The parts belong to whoever holds the record.
     *
     * @param shape extents of the original
     * @param dtype element type of the original
     * @param parts codes, scales and code books by name
     */
    record Quantized(Shape shape, DType dtype, Map<String, Array> parts) {}

    /**
     * Quantises a weight; {@code weight} is left alone.
     *
     * <p>The weight MUST stay as it was, to the bit (rule 11.01). Parts MUST have plain names, and the shape and
     * type MUST be the original's (rule 11.02); they MUST be the same every time (rule 11.07) and take fewer bytes
     * than the weight (rule 11.08). A weight that holds NaN or an infinity MUST be refused, or MUST NOT come back
     * finite (rule 11.10), and one of any shape MUST be quantised or refused in one sentence (rule 11.11).
     */
    Quantized quantize(Engine engine, Array weight);

    /**
     * The values a quantised weight stands for, in {@code dtype}.
     *
     * <p>It MUST have the original's shape and the type that was asked for (rule 11.03). No number MUST be further
     * from the original than the quantizer declares (rule 11.04); zeros MUST come back as zeros, and no number MUST
     * change its sign (rule 11.05).
     */
    Array dequantize(Engine engine, Quantized weight, DType dtype);

    /**
     * A matrix to multiply with, by a fused product where there is one, else by dequantising.
     *
     * <p>It MUST multiply, and give input gradients, like the dequantised weight (rule 11.09).
     */
    FrozenMatrix freeze(Engine engine, Quantized weight, boolean inputMajor);
}
