package dev.graft.methods.ewc;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks into attachments outside of any pass. */
final class Run {
    private Run() {}

    /** What a penalty is computed in. */
    static PatchContext context(Tensors tensors) {
        return new PatchContext() {
            @Override
            public Tensors tensors() {
                return tensors;
            }

            @Override
            public boolean training() {
                return true;
            }

            @Override
            public RandomStream random() {
                return RandomStream.seeded(1);
            }

            @Override
            public Tensor linear(LinearSite site, Tensor x) {
                throw new IllegalStateException("a penalty runs no layer");
            }
        };
    }

    /** The penalty of the last adapter, 0 where there is none. */
    static double penalty(GraftTensors tensors, List<AttachedAdapter> adapters) {
        try (Scope scope = tensors.scope()) {
            return adapters.get(adapters.size() - 1)
                    .attachment()
                    .penalty(context(tensors))
                    .map(Tensor::item)
                    .orElse(0.0);
        }
    }

    /** What an adapter would save. */
    static Map<String, float[]> state(GraftTensors tensors, AttachedAdapter adapter) {
        try (Scope scope = tensors.scope()) {
            Map<String, float[]> state = new LinkedHashMap<>();
            adapter.attachment().state().forEach((name, tensor) -> state.put(name, tensor.floats()));
            return state;
        }
    }
}
