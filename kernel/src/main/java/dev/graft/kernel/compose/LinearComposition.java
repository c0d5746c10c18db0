package dev.graft.kernel.compose;

import dev.graft.kernel.compose.RowAssignment.Group;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A linear site with the attachments of every row. The frozen product of all rows that share the frozen weight is
 * computed once, whatever their adapters; only rows whose weight is replaced have a product of their own. What stands in
 * for the layer's parameters acts first, then what acts around the layer ({@link LinearChain}), both in the order of
 * attachment.
 */
final class LinearComposition {
    private final GraftTensors tensors;
    private final RowGroups groups;
    private final ParameterValues values;
    private final RowContexts contexts;

    LinearComposition(GraftTensors tensors, RowGroups groups, ParameterValues values, RowContexts contexts) {
        this.tensors = tensors;
        this.groups = groups;
        this.values = values;
        this.contexts = contexts;
    }

    /** Whether nothing is attached to the site for any row. */
    boolean untouched(LinearSite site) {
        return !groups.any(adapters -> !LinearChain.patches(site, adapters).isEmpty()
                || replacesWeight(site, adapters)
                || replacesBias(site, adapters));
    }

    Tensor apply(LinearSite site, Tensor x) {
        if (untouched(site)) {
            return frozenProduct(site, x, true);
        }
        if (groups.uniform()) {
            return alone(site, x, groups.only());
        }
        if (groups.any(adapters -> replacesWeight(site, adapters))) {
            return groups.map(x, (group, rows) -> alone(site, rows, group.adapters()));
        }
        boolean biasLater = groups.any(adapters -> replacesBias(site, adapters));
        Map<Group, List<Tensor>> inputs = new HashMap<>();
        for (Group group : groups.all()) {
            inputs.put(group, chain(site, group.adapters()).inputs(groups.rows(group, x)));
        }
        boolean changed = groups.any(
                adapters -> LinearChain.patches(site, adapters).stream().anyMatch(LinearPatch::changesInput));
        Tensor input = changed ? groups.build(group -> inputs.get(group).get(0)) : x;
        Tensor product = frozenProduct(site, input, !biasLater);
        return groups.build(group -> finish(site, inputs.get(group), product, group, biasLater));
    }

    private Tensor finish(LinearSite site, List<Tensor> inputs, Tensor product, Group group, boolean biasLater) {
        Tensor y = groups.rows(group, product);
        Tensor bias = bias(site, group.adapters());
        Tensor biased = biasLater && bias != null ? y.add(bias) : y;
        return chain(site, group.adapters()).output(inputs, biased, bias);
    }

    private Tensor alone(LinearSite site, Tensor x, List<AttachedAdapter> adapters) {
        LinearChain chain = chain(site, adapters);
        List<Tensor> inputs = chain.inputs(x);
        Tensor input = inputs.get(0);
        Tensor bias = bias(site, adapters);
        Tensor y;
        if (replacesWeight(site, adapters)) {
            Tensor weight = values.value(site.name() + ".weight", site.weight(), adapters);
            y = input.linear(site.inputMajor() ? weight.transpose(0, 1) : weight, bias);
        } else {
            y = tensors.frozenLinear(input, matrix(site), bias);
        }
        return chain.output(inputs, y, bias);
    }

    private LinearChain chain(LinearSite site, List<AttachedAdapter> adapters) {
        return new LinearChain(site, contexts.of(adapters), LinearChain.patches(site, adapters));
    }

    private Tensor frozenProduct(LinearSite site, Tensor x, boolean biased) {
        Tensor bias = biased && site.bias() != null ? site.bias().tensor() : null;
        return tensors.frozenLinear(x, matrix(site), bias);
    }

    private FrozenMatrix matrix(LinearSite site) {
        return FrozenWeights.frozen(site.weight()).matrix(site.inputMajor());
    }

    private Tensor bias(LinearSite site, List<AttachedAdapter> adapters) {
        if (replacesBias(site, adapters)) {
            Tensor base = site.bias() == null
                    ? tensors.zeros(Shape.of(site.outputs()), site.weight().dtype())
                    : site.bias().tensor();
            return values.value(biasName(site), biasAlias(site), base, adapters);
        }
        return site.bias() == null ? null : site.bias().tensor();
    }

    private boolean replacesWeight(LinearSite site, List<AttachedAdapter> adapters) {
        return values.replaces(site.name() + ".weight", site.weight().name(), adapters);
    }

    private boolean replacesBias(LinearSite site, List<AttachedAdapter> adapters) {
        return values.replaces(biasName(site), biasAlias(site), adapters);
    }

    private static String biasName(LinearSite site) {
        return site.name() + ".bias";
    }

    private static String biasAlias(LinearSite site) {
        return site.bias() == null ? biasName(site) : site.bias().name();
    }
}
