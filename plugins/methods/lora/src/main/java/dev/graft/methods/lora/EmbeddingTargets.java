package dev.graft.methods.lora;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;

/** Gives embedding tables their updates. A head that is tied to a table keeps the weight of the base. */
record EmbeddingTargets(LoraConfig config, TiedHeads heads, AttachmentDraft draft) {
    private static final String A = ".lora_embedding_A";
    private static final String B = ".lora_embedding_B";

    void adapt(EmbeddingSite site) {
        int rank = config.rank(site.name());
        Shape table = site.weight().shape();
        draft.context().ignore(PeftNames.onDisk(site.name() + ".base_layer.weight"));
        Parameter a = draft.declare(
                site, site.name() + A, Shape.of(rank, table.size(0)), LoraInitialization.embeddingA(config));
        Parameter b =
                draft.declare(site, site.name() + B, Shape.of(table.size(1), rank), LoraInitialization.embeddingB());
        EmbeddingLowRank update = new EmbeddingLowRank(site, a, b, config.scaling(site.name()));
        if (config.principal() && !config.residual()) {
            writeWithTwiceTheRank(site, update);
        }
        if (config.useDora()) {
            decompose(site, update);
        } else {
            draft.patches().embedding(site.name(), update);
            draft.merge(site.weight().name(), base -> base.add(update.delta()));
        }
        for (LinearSite head : heads.of(site)) {
            draft.merge(TiedHeads.weightName(head), base -> base);
        }
    }

    private void decompose(EmbeddingSite site, EmbeddingLowRank update) {
        Directions directions = Directions.of(
                draft.context(), () -> site.weight().tensor().transpose(0, 1), update::factors, update.scaling());
        Parameter magnitude = draft.declare(
                site,
                site.name() + ".lora_magnitude_vector",
                Shape.of(site.weight().shape().size(1)),
                Initializer.of(directions.norms()));
        EmbeddingDecomposed patch = new EmbeddingDecomposed(update, magnitude, directions);
        draft.patches().embedding(site.name(), patch);
        draft.merge(site.weight().name(), patch::merged);
    }

    /** Beside linear layers that are written with twice the rank, an update that is not gets zeros for the rest. */
    private void writeWithTwiceTheRank(EmbeddingSite site, EmbeddingLowRank update) {
        draft.write(site.name() + A, () -> twice(update).a());
        draft.write(site.name() + B, () -> twice(update).b());
    }

    private Factors twice(EmbeddingLowRank update) {
        Factors factors = update.factors();
        Tensor nothing = factors.a().mul(0);
        return factors.less(
                draft.context().tensors(), new Factors(nothing, factors.b().mul(0)));
    }
}
