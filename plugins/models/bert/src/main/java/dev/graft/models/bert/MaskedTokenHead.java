package dev.graft.models.bert;

import dev.graft.spi.model.Activation;
import dev.graft.spi.model.Head;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Masked tokens: {@code decoder(norm(activation(dense(x))))}.
 *
 * @param decoder the projection to the vocabulary
 */
record MaskedTokenHead(LinearSite dense, Activation activation, NormSite norm, LinearSite decoder) implements Head {
    @Override
    public List<Site> sites() {
        return List.of(dense, norm, decoder);
    }

    @Override
    public Output output(Pass pass, Tensor hidden) {
        return Output.vocabulary(pass, hidden, x -> pass.norm(norm, activation.apply(pass.linear(dense, x))), decoder);
    }
}
