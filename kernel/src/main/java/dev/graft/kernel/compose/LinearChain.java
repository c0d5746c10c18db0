package dev.graft.kernel.compose;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The patches of one linear site, in the order of attachment. Each acts on the layer as those before it have made it:
 * what goes in passes them from the last to the first, what comes out from the first to the last, as merging one after
 * the other does.
 *
 * @param site the site
 * @param context the pass as the patches see it
 * @param patches what acts there
 */
record LinearChain(LinearSite site, PatchContext context, List<LinearPatch> patches) {
    /** The patches that attachments have at a site. */
    static List<LinearPatch> patches(LinearSite site, List<AttachedAdapter> adapters) {
        if (adapters.size() == 1) {
            LinearPatch patch = adapters.get(0).patches().linear().get(site.name());
            return patch == null ? List.of() : List.of(patch);
        }
        return adapters.stream()
                .map(adapter -> adapter.patches().linear().get(site.name()))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * What goes into the layer, and then what goes into each patch in turn, {@code [rows, ..., in]}.
     *
     * @param x what goes into the last patch
     */
    List<Tensor> inputs(Tensor x) {
        if (patches.stream().noneMatch(LinearPatch::changesInput)) {
            return Collections.nCopies(patches.size() + 1, x);
        }
        List<Tensor> inputs = new ArrayList<>(Collections.nCopies(patches.size() + 1, x));
        for (int i = patches.size() - 1; i >= 0; i--) {
            LinearPatch patch = patches.get(i);
            Tensor outer = inputs.get(i + 1);
            inputs.set(i, patch.changesInput() ? patch.input(context, outer) : outer);
        }
        return inputs;
    }

    /**
     * What comes out of the last patch, {@code [rows, ..., out]}.
     *
     * @param inputs from {@link #inputs}
     * @param product what comes out of the layer
     * @param bias what the layer adds to its product, {@code [out]}, or null
     */
    Tensor output(List<Tensor> inputs, Tensor product, Tensor bias) {
        Tensor y = product;
        for (int i = 0; i < patches.size(); i++) {
            int before = i;
            y = patches.get(i).output(context, inputs.get(i + 1), y, () -> offset(before, bias));
        }
        return y;
    }

    /**
     * What the layer with its first patches gives for an input of zeros, {@code [out]}; empty where that is zero. Patches
     * leave an input of zeros as it is, so that the layer itself gives its bias.
     */
    private Optional<Tensor> offset(int count, Tensor bias) {
        if (count == 0) {
            return Optional.ofNullable(bias);
        }
        DType dtype = bias == null ? site.weight().dtype() : bias.dtype();
        Tensor none = context.tensors().zeros(Shape.of(1, site.inputs()), dtype);
        Tensor nothing = context.tensors().zeros(Shape.of(1, site.outputs()), dtype);
        LinearChain first = new LinearChain(site, context, patches.subList(0, count));
        Tensor product = bias == null ? nothing : nothing.add(bias);
        return Optional.of(first.output(first.inputs(none), product, bias).reshape(-1));
    }
}
