package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;

/** Gives linear layers their updates. */
record LinearTargets(LoraConfig config, AttachmentDraft draft) {
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    void adapt(LinearSite site) {
        LowRank lowRank = lowRank(site);
        if (lowRank.start() != null && !config.residual()) {
            draft.write(site.name() + A, () -> lowRank.factors().a());
            draft.write(site.name() + B, () -> lowRank.factors().b());
        }
        draft.context().ignore(PeftNames.onDisk(site.name() + ".base_layer.weight"));
        if (config.useDora()) {
            decompose(site, lowRank);
        } else {
            add(site, lowRank);
        }
    }

    private LowRank lowRank(LinearSite site) {
        int rank = config.rank(site.name());
        double scaling = config.scaling(site.name());
        Factors principal = config.principal() ? PrincipalComponents.of(draft.context(), site, rank, scaling) : null;
        Parameter a = draft.declare(
                site,
                site.name() + A,
                Shape.of(rank, site.inputs()),
                principal == null ? LoraInitialization.a(config, rank) : Initializer.of(principal.a()));
        Parameter b = draft.declare(
                site,
                site.name() + B,
                Shape.of(site.outputs(), rank),
                principal == null ? LoraInitialization.b(config) : Initializer.of(principal.b()));
        Parameter bias = config.loraBias()
                ? draft.declare(site, site.name() + ".lora_B.bias", Shape.of(site.outputs()), Initializer.constant(0))
                : null;
        return new LowRank(draft.context().tensors(), a, b, bias, scaling, config.loraDropout(), retained(principal));
    }

    private Factors retained(Factors start) {
        return start == null
                ? null
                : new Factors(draft.context().retain(start.a()), draft.context().retain(start.b()));
    }

    private void add(LinearSite site, LowRank lowRank) {
        draft.patches().linear(site.name(), lowRank);
        draft.merge(TiedHeads.weightName(site), base -> base.add(oriented(site, lowRank.delta())));
        if (lowRank.bias() != null) {
            String name =
                    site.bias() == null ? site.name() + ".bias" : site.bias().name();
            draft.merge(name, base -> base.add(lowRank.bias().tensor().detach().mul(lowRank.scaling())));
        }
    }

    private void decompose(LinearSite site, LowRank lowRank) {
        if (lowRank.bias() != null) {
            throw new ConfigurationException("use_dora and lora_bias are both set, but cannot be combined");
        }
        Directions directions = Directions.of(draft.context(), () -> weight(site), lowRank::factors, lowRank.scaling());
        Parameter magnitude = draft.declare(
                site,
                site.name() + ".lora_magnitude_vector",
                Shape.of(site.outputs()),
                Initializer.of(directions.norms()));
        WeightDecomposed patch = new WeightDecomposed(site, lowRank, magnitude, directions);
        draft.patches().linear(site.name(), patch);
        draft.merge(TiedHeads.weightName(site), base -> oriented(site, patch.merged(oriented(site, base))));
    }

    /** The base weight as {@code [out, in]}. */
    static Tensor weight(LinearSite site) {
        return oriented(site, site.weight().tensor());
    }

    private static Tensor oriented(LinearSite site, Tensor weight) {
        return site.inputMajor() ? weight.transpose(0, 1) : weight;
    }
}
