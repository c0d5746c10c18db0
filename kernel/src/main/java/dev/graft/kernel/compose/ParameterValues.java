package dev.graft.kernel.compose;

import dev.graft.spi.method.ParameterPatch;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Values of base parameters as attachments see them. A parameter used under two names (a head tied to the embedding)
 * is found first by its name at the site, so that an attachment may part the two, and then by its own.
 */
final class ParameterValues {
    private final RowContexts contexts;

    ParameterValues(RowContexts contexts) {
        this.contexts = contexts;
    }

    boolean replaces(String nameAtSite, String ownName, List<AttachedAdapter> adapters) {
        for (AttachedAdapter adapter : adapters) {
            if (patch(adapter, nameAtSite, ownName) != null) {
                return true;
            }
        }
        return false;
    }

    Tensor value(String nameAtSite, Weight weight, List<AttachedAdapter> adapters) {
        return value(nameAtSite, weight.name(), weight.tensor(), adapters);
    }

    Tensor value(String nameAtSite, String ownName, Tensor base, List<AttachedAdapter> adapters) {
        Tensor value = base;
        for (AttachedAdapter adapter : adapters) {
            ParameterPatch patch = patch(adapter, nameAtSite, ownName);
            if (patch != null) {
                value = patch.value(contexts.of(adapters), value);
            }
        }
        return value;
    }

    private static ParameterPatch patch(AttachedAdapter adapter, String nameAtSite, String ownName) {
        ParameterPatch patch = adapter.patches().parameter().get(nameAtSite);
        return patch != null || nameAtSite.equals(ownName)
                ? patch
                : adapter.patches().parameter().get(ownName);
    }
}
