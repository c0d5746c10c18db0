package dev.graft.methods.hardprompt;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Trainable vectors in the places of a token: in every row the first place takes the first vector, and the one after the
 * last the first again, so that demonstrations with the same places share them.
 *
 * @param vectors {@code [n, width]}
 * @param token id of the token that holds the places
 */
record SoftPlaces(Parameter vectors, long token) implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor words) {
        long[] tokens = ids.longs();
        int length = Math.toIntExact(ids.size(1));
        long count = vectors.spec().shape().size(0);
        long[] sources = new long[tokens.length];
        boolean any = false;
        for (int start = 0; start < tokens.length; start += length) {
            long seen = 0;
            for (int place = start; place < start + length; place++) {
                boolean soft = tokens[place] == token;
                sources[place] = soft ? tokens.length + seen++ % count : place;
                any |= soft;
            }
        }
        if (!any) {
            return words;
        }
        Tensor both = context.tensors()
                .concat(
                        List.of(
                                words.reshape(tokens.length, words.size(2)),
                                vectors.tensor().cast(words.dtype())),
                        0);
        return both.select(0, context.tensors().of(sources, Shape.of(sources.length)))
                .reshape(words.shape().toArray());
    }
}
