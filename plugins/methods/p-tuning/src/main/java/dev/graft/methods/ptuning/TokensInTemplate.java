package dev.graft.methods.ptuning;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Virtual tokens at any place of a template (Liu et al. 2021, equation 2): the occurrences of a pseudo token in a row
 * give way to the virtual tokens in order, and to the first again after the last, so that sequences packed into one row
 * each have them all.
 *
 * @param encoder writes them
 * @param count how many there are
 * @param dropout of the encoder
 * @param pseudoToken id of the token that gives way
 */
record TokensInTemplate(PromptEncoder encoder, int count, double dropout, long pseudoToken) implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        long[] tokens = ids.longs();
        int length = Math.toIntExact(ids.size(1));
        long[] places = new long[tokens.length];
        boolean any = false;
        for (int place = 0, seen = 0; place < tokens.length; place++) {
            seen = place % length == 0 ? 0 : seen;
            boolean pseudo = tokens[place] == pseudoToken;
            places[place] = pseudo ? tokens.length + seen++ % count : place;
            any |= pseudo;
        }
        if (!any) {
            return vectors;
        }
        Tensor virtual = encoder.vectors(x -> context.dropout(x, dropout)).cast(vectors.dtype());
        Tensor words = vectors.reshape(tokens.length, vectors.size(2));
        return context.tensors()
                .concat(List.of(words, virtual), 0)
                .select(0, context.tensors().of(places, Shape.of(places.length)))
                .reshape(vectors.shape().toArray());
    }
}
