package dev.graft.kernel.compose;

import dev.graft.kernel.compose.RowAssignment.Group;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * A linear site with the attachments of every row. The frozen product of all rows that share the frozen weight is
 * computed once, whatever their adapters; only rows whose weight is replaced have a product of their own.
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
        return !groups.any(adapters ->
                !patches(site, adapters).isEmpty() || replacesWeight(site, adapters) || replacesBias(site, adapters));
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
        Tensor input = groups.any(adapters -> patches(site, adapters).stream().anyMatch(LinearPatch::changesInput))
                ? groups.map(x, (group, rows) -> onTheWayIn(site, rows, group.adapters()))
                : x;
        Tensor product = frozenProduct(site, input, !biasLater);
        return groups.build(group -> finish(site, x, product, group, biasLater));
    }

    private Tensor finish(LinearSite site, Tensor x, Tensor product, Group group, boolean biasLater) {
        Tensor y = groups.rows(group, product);
        Tensor bias = biasLater ? bias(site, group.adapters(), true) : null;
        Tensor biased = bias == null ? y : y.add(bias);
        List<LinearPatch> patches = patches(site, group.adapters());
        return patches.isEmpty() ? biased : onTheWayOut(group.adapters(), patches, groups.rows(group, x), biased);
    }

    private Tensor alone(LinearSite site, Tensor x, List<AttachedAdapter> adapters) {
        Tensor input = onTheWayIn(site, x, adapters);
        Tensor y;
        if (replacesWeight(site, adapters)) {
            Tensor weight = values.value(site.name() + ".weight", site.weight(), adapters);
            y = input.linear(site.inputMajor() ? weight.transpose(0, 1) : weight, bias(site, adapters, true));
        } else if (replacesBias(site, adapters)) {
            y = tensors.frozenLinear(input, matrix(site), bias(site, adapters, true));
        } else {
            y = frozenProduct(site, input, true);
        }
        return onTheWayOut(adapters, patches(site, adapters), x, y);
    }

    private Tensor onTheWayIn(LinearSite site, Tensor x, List<AttachedAdapter> adapters) {
        Tensor input = x;
        for (LinearPatch patch : patches(site, adapters)) {
            if (patch.changesInput()) {
                input = patch.input(contexts.of(adapters), input);
            }
        }
        return input;
    }

    private Tensor onTheWayOut(List<AttachedAdapter> adapters, List<LinearPatch> patches, Tensor x, Tensor product) {
        Tensor y = product;
        for (LinearPatch patch : patches) {
            y = patch.output(contexts.of(adapters), x, y);
        }
        return y;
    }

    private Tensor frozenProduct(LinearSite site, Tensor x, boolean biased) {
        Tensor bias = biased && site.bias() != null ? site.bias().tensor() : null;
        return tensors.frozenLinear(x, matrix(site), bias);
    }

    private FrozenMatrix matrix(LinearSite site) {
        return FrozenWeights.frozen(site.weight()).matrix(site.inputMajor());
    }

    private Tensor bias(LinearSite site, List<AttachedAdapter> adapters, boolean replaced) {
        if (replaced && replacesBias(site, adapters)) {
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

    private static List<LinearPatch> patches(LinearSite site, List<AttachedAdapter> adapters) {
        if (adapters.size() == 1) {
            LinearPatch patch = adapters.get(0).patches().linear().get(site.name());
            return patch == null ? List.of() : List.of(patch);
        }
        return adapters.stream()
                .map(adapter -> adapter.patches().linear().get(site.name()))
                .filter(Objects::nonNull)
                .toList();
    }
}
