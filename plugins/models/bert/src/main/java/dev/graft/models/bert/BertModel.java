package dev.graft.models.bert;

import dev.graft.spi.model.Head;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The BERT encoder (Devlin et al. 2019) and RoBERTa (Liu et al. 2019): normalisation after each sublayer, learned
 * positions, attention in both directions.
 *
 * @param description its measures
 * @param embeddings what the first block reads
 * @param layers its blocks
 * @param head what becomes of the last hidden states
 */
record BertModel(ModelDescription description, BertEmbeddings embeddings, List<BertLayer> layers, Head head)
        implements Model {
    @Override
    public List<Site> sites() {
        List<Site> sites = new ArrayList<>(embeddings.sites());
        layers.forEach(layer -> sites.addAll(layer.sites()));
        sites.addAll(head.sites());
        return List.copyOf(sites);
    }

    @Override
    public Output forward(Pass pass, Input input) {
        Tensor h = embeddings.forward(pass, input);
        for (BertLayer layer : layers) {
            h = pass.block(layer.index(), h, x -> layer.forward(pass, x));
        }
        return head.output(pass, h);
    }
}
