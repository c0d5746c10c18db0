package dev.graft.methods.diffpruning;

import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/** A pass that does not train, for patches that are asked by hand. */
record Settled(Tensors tensors) implements PatchContext {
    @Override
    public boolean training() {
        return false;
    }

    @Override
    public RandomStream random() {
        throw new AssertionError("chance has no part outside of training");
    }

    @Override
    public Tensor linear(LinearSite site, Tensor x) {
        throw new AssertionError("no layer is run");
    }
}
