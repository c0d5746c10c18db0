package dev.graft.models.gpt2;

import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Head;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The GPT-2 decoder (Radford et al. 2019): layer normalisation before each sublayer, learned positions, one projection
 * for queries, keys and values.
 *
 * @param description its measures
 * @param tokens the token table
 * @param positions the position table
 * @param dropout dropout on the embeddings
 * @param layers its blocks
 * @param norm the last normalisation
 * @param head what becomes of the last hidden states
 */
record Gpt2Model(
        ModelDescription description,
        EmbeddingSite tokens,
        EmbeddingSite positions,
        double dropout,
        List<Gpt2Layer> layers,
        NormSite norm,
        Head head)
        implements Model {
    @Override
    public List<Site> sites() {
        List<Site> sites = new ArrayList<>();
        sites.add(tokens);
        sites.add(positions);
        layers.forEach(layer -> sites.addAll(layer.sites()));
        sites.add(norm);
        sites.addAll(head.sites());
        return List.copyOf(sites);
    }

    @Override
    public Output forward(Pass pass, Input input) {
        Tensor embedded = pass.embed(tokens, input.ids());
        Tensor h = pass.dropout(embedded.add(pass.embed(positions, pass.positions())), dropout);
        for (Gpt2Layer layer : layers) {
            h = pass.block(layer.index(), h, x -> layer.forward(pass, x));
        }
        return head.output(pass, pass.norm(norm, h));
    }
}
