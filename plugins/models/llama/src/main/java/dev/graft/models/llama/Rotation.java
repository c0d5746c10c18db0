package dev.graft.models.llama;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.model.Pass;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary positions of one pass.
 *
 * @param cos {@code [batch, length, rotated]}
 * @param sin {@code [batch, length, rotated]}
 */
record Rotation(Tensor cos, Tensor sin) {
    /**
     * Computes the angles of every token, in single precision.
     *
     * @param positions {@code [batch, length]}
     * @param dtype element type of what will be rotated
     */
    static Rotation of(Pass pass, Rope rope, Tensor positions, DType dtype) {
        long length = rope.byLength() ? Arrays.stream(positions.longs()).max().orElse(0) + 1 : 0;
        double[] frequencies = rope.frequencies().apply(length);
        float[] row = new float[frequencies.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) frequencies[i];
        }
        Tensor angles = positions
                .cast(DType.FLOAT32)
                .reshape(positions.size(0), positions.size(1), 1)
                .mul(pass.tensors().of(row, Shape.of(1, 1, row.length)));
        Tensor both = pass.tensors().concat(List.of(angles, angles), -1);
        return new Rotation(scaled(both.apply(Unary.COS), rope, dtype), scaled(both.apply(Unary.SIN), rope, dtype));
    }

    /** Turns queries or keys {@code [batch, heads, length, headSize]}. */
    Tensor turn(Tensor x) {
        return x.rotary(cos, sin);
    }

    private static Tensor scaled(Tensor table, Rope rope, DType dtype) {
        Tensor scaled = rope.attentionFactor() == 1 ? table : table.mul(rope.attentionFactor());
        return scaled.dtype() == dtype ? scaled : scaled.cast(dtype);
    }
}
