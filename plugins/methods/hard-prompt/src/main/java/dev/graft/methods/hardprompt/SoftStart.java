package dev.graft.methods.hardprompt;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;

/**
 * Where trainable tokens begin: at the vector of a word, or normally distributed, as widely as the vectors of words.
 *
 * @param table the vectors of words
 * @param tokens the token each begins from; -1 for those that begin at random
 */
record SoftStart(EmbeddingSite table, int[] tokens) implements Initializer {
    @Override
    public Tensor create(Tensors tensors, Shape shape, DType dtype, RandomStream random) {
        return tensors.withoutGradient(() -> {
            Tensor vectors = table.weight().tensor();
            double mean = vectors.mean().item();
            double deviation = Math.sqrt(Math.max(0, vectors.square().mean().item() - mean * mean)) * table.scale();
            Tensor drawn = tensors.normal(shape, dtype, 0, deviation, random);
            long[] ids = Arrays.stream(tokens).mapToLong(id -> Math.max(0, id)).toArray();
            float[] known = new float[tokens.length];
            for (int i = 0; i < known.length; i++) {
                known[i] = tokens[i] < 0 ? 0 : 1;
            }
            Tensor share = tensors.of(known, Shape.of(known.length, 1)).cast(dtype);
            Tensor words = vectors.embedding(tensors.of(ids, Shape.of(ids.length)))
                    .mul(table.scale())
                    .cast(dtype);
            return words.mul(share).add(drawn.mul(share.neg().add(1)));
        });
    }
}
