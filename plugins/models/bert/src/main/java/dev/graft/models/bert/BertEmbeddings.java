package dev.graft.models.bert;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of token, position and token type embeddings, normalised.
 *
 * @param tokens the token table
 * @param positions the position table
 * @param firstPosition row of the position table for the first token
 * @param tokenTypes the token type table
 * @param norm normalises the sum
 * @param dropout dropout on the result
 */
record BertEmbeddings(
        EmbeddingSite tokens,
        EmbeddingSite positions,
        int firstPosition,
        EmbeddingSite tokenTypes,
        NormSite norm,
        double dropout) {
    /** The sites in the order of the forward pass. */
    List<Site> sites() {
        return List.of(tokens, tokenTypes, positions, norm);
    }

    /** The embedded sequence, {@code [batch, length', hidden]}. */
    Tensor forward(Pass pass, Input input) {
        Tensor words = pass.embed(tokens, input.ids());
        Tensor types = pass.embed(tokenTypes, types(pass, input, words.size(1)));
        Tensor places = pass.embed(positions, pass.positions().add(firstPosition));
        return pass.dropout(pass.norm(norm, words.add(types).add(places)), dropout);
    }

    /** Token types, 0 for virtual tokens and where none are given. */
    private Tensor types(Pass pass, Input input, long length) {
        long batch = input.ids().size(0);
        if (input.tokenTypes() == null) {
            return pass.tensors().zeros(Shape.of(batch, length), DType.INT64);
        }
        check(input.tokenTypes());
        long virtual = length - input.ids().size(1);
        return virtual == 0
                ? input.tokenTypes()
                : pass.tensors()
                        .concat(
                                List.of(
                                        pass.tensors().zeros(Shape.of(batch, virtual), DType.INT64),
                                        input.tokenTypes()),
                                1);
    }

    private void check(Tensor types) {
        long allowed = tokenTypes.weight().shape().size(0);
        long largest = Arrays.stream(types.longs()).max().orElse(0);
        if (largest >= allowed) {
            throw new ConfigurationException("token type " + largest + " is outside the " + allowed
                    + " token types of this model (type_vocab_size)");
        }
    }
}
