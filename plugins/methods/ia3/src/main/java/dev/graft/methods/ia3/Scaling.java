package dev.graft.methods.ia3;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;

/**
 * One learned vector {@code l} (Liu et al. 2022, section 3.3): {@code l * (W x + b)} at keys and values,
 * {@code W (l * x) + b} at a feed-forward layer.
 *
 * @param factors the vector: {@code [out, 1]}, or {@code [1, in]} where the input is scaled
 * @param inputs whether the input is scaled
 */
record Scaling(Parameter factors, boolean inputs) implements LinearPatch {
    /** Declares the vector of a layer, has it act there, and notes how it merges. */
    static void attach(LinearSite site, boolean inputs, Initializer initializer, AttachmentBuilder attachment) {
        Parameter factors = attachment.declare(site, site.name() + ".ia3_l", shape(site, inputs), initializer);
        Scaling scaling = new Scaling(factors, inputs);
        attachment.patches().linear(site.name(), scaling);
        attachment.merge(site.name() + ".weight", weight -> scaling.merged(site, weight));
        if (!inputs) {
            attachment.merge(
                    site.name() + ".bias", bias -> bias.mul(scaling.vector().detach()));
        }
    }

    /** Shape of the vector on disk. */
    static Shape shape(LinearSite site, boolean inputs) {
        return inputs ? Shape.of(1, site.inputs()) : Shape.of(site.outputs(), 1);
    }

    @Override
    public boolean changesInput() {
        return inputs;
    }

    @Override
    public Tensor input(PatchContext context, Tensor x) {
        return inputs ? x.mul(vector()).cast(x.dtype()) : x;
    }

    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y) {
        return inputs ? y : y.mul(vector()).cast(y.dtype());
    }

    private Tensor vector() {
        return factors.tensor().reshape(-1);
    }

    /** A stored weight is {@code [out, in]}, and {@code [in, out]} where the input comes first. */
    private Tensor merged(LinearSite site, Tensor weight) {
        Tensor scale = factors.tensor().detach();
        return weight.mul(site.inputMajor() ? scale.transpose(0, 1) : scale);
    }
}
