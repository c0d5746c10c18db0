package dev.graft.methods.lora;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;

/**
 * Looks trained rows up where their tokens stand.
 *
 * @param table the table
 * @param rows the rows
 */
record TokenVectors(EmbeddingSite table, TokenRows rows) implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        long[] slots =
                Arrays.stream(ids.longs()).map(id -> rows.ids().indexOf(id)).toArray();
        if (Arrays.stream(slots).allMatch(slot -> slot < 0)) {
            return vectors;
        }
        Tensor slot = context.tensors().of(slots, Shape.of(ids.size(0), ids.size(1), 1));
        Tensor trained =
                rows.trained().tensor().embedding(slot.apply(Binary.MAX, 0).reshape(ids.size(0), ids.size(1)));
        return trained.mul(table.scale()).cast(vectors.dtype()).where(slot.apply(Binary.GE, 0), vectors);
    }
}
