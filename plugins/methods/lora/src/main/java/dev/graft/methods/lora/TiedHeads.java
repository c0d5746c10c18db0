package dev.graft.methods.lora;

import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import java.util.List;

/** Linear layers that multiply with the weight of a token table. */
record TiedHeads(ModelView model) {
    /** The layers that share a table's weight. */
    List<LinearSite> of(EmbeddingSite table) {
        return model.linears()
                .filter(site -> site.weight().name().equals(table.weight().name()))
                .toList();
    }

    /** The name by which a layer's weight is told apart from a table that it shares it with. */
    static String weightName(LinearSite site) {
        return site.weight().name().startsWith(site.name() + ".")
                ? site.weight().name()
                : site.name() + ".weight";
    }
}
