package dev.graft.kernel.compose;

import dev.graft.spi.method.Once;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;

/**
 * A pass as the patches of some rows see it.
 *
 * @param pass the pass of all rows
 * @param adapters what is attached to the rows, in order
 */
record RowContext(KernelPass pass, List<AttachedAdapter> adapters) implements PatchContext {
    @Override
    public Tensors tensors() {
        return pass.tensors();
    }

    @Override
    public boolean training() {
        return pass.training();
    }

    @Override
    public RandomStream random() {
        return pass.random();
    }

    @Override
    public Tensor once(Once once) {
        return pass.once(once);
    }

    @Override
    public Tensor tokens() {
        return pass.tokens(adapters);
    }

    @Override
    public Tensor linear(LinearSite site, Tensor x) {
        LinearChain chain = new LinearChain(site, this, LinearChain.patches(site, adapters));
        List<Tensor> inputs = chain.inputs(x);
        Tensor weight = site.weight().tensor();
        Tensor bias = site.bias() == null ? null : site.bias().tensor();
        Tensor y = inputs.get(0).linear(site.inputMajor() ? weight.transpose(0, 1) : weight, bias);
        return chain.output(inputs, y, bias);
    }
}
