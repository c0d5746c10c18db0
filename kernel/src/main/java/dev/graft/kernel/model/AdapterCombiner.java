package dev.graft.kernel.model;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.adapter.StoredAdapter;
import dev.graft.kernel.adapter.StoredAttachment;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one adapter out of several of one method, by a way that the method knows. */
public final class AdapterCombiner {
    /**
     * What to combine.
     *
     * @param directory where the adapter is
     * @param weight its factor
     */
    public record Weighted(Path directory, double weight) {}

    /**
     * How to combine.
     *
     * @param way a name that the method documents, for instance {@code linear}
     * @param options further keys of that way, for instance {@code density}
     */
    public record Manner(String way, Map<String, Object> options) {
        /** Copies the map. */
        public Manner {
            options = Map.copyOf(options);
        }
    }

    private final AdapterStore store;
    private final LoadedModel model;

    /**
     * A combiner.
     *
     * @param model the base model, which the combined adapter must fit
     */
    public AdapterCombiner(Plugins registry, LoadedModel model) {
        this.store = new AdapterStore(registry);
        this.model = model;
    }

    /**
     * The combined adapter, attached to the model; the caller releases it. Arithmetic is in single precision.
     *
     * @param name its name
     * @param adapters at least one
     * @throws ConfigurationException if an adapter cannot be read, they are of different methods, or the method does not
     *     combine them in this manner
     */
    public AttachedAdapter combine(String name, List<Weighted> adapters, Manner manner) {
        List<StoredAdapter> opened = new ArrayList<>();
        try {
            List<StoredAttachment> attachments = new ArrayList<>();
            for (Weighted adapter : adapters) {
                StoredAdapter stored = store.load(adapter.directory());
                opened.add(stored);
                attachments.add(only(stored));
            }
            return combine(name, adapters, attachments, attachments.get(0).method(), manner);
        } finally {
            opened.forEach(StoredAdapter::close);
        }
    }

    private static StoredAttachment only(StoredAdapter stored) {
        List<StoredAttachment> attachments = stored.attachments();
        if (attachments.size() > 1 || !attachments.get(0).parts().isEmpty()) {
            throw new ConfigurationException("the adapter in " + stored.directory()
                    + " has several attachments; only adapters of a single one can be combined");
        }
        return attachments.get(0);
    }

    private <C extends Record> AttachedAdapter combine(
            String name,
            List<Weighted> adapters,
            List<StoredAttachment> attachments,
            MethodProvider<C> method,
            Manner manner) {
        GraftTensors tensors = model.tensors();
        return tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                List<Combination.Part<C>> parts = new ArrayList<>();
                for (int i = 0; i < attachments.size(); i++) {
                    parts.add(part(
                            name, attachments.get(i), method, adapters.get(i).weight(), attachments.get(0)));
                }
                Combination.Result<C> combined =
                        method.combine(tensors, new Combination<>(parts, manner.way(), manner.options()));
                Map<String, Array> arrays = new LinkedHashMap<>();
                combined.state().forEach((tensor, value) -> arrays.put(tensor, ((ArrayTensor) value).array()));
                return AdapterBuilder.attach(
                        model,
                        method,
                        combined.configuration(),
                        AdapterBuilder.Setting.stored(name, arrays, "the combined adapter"));
            }
        });
    }

    private <C extends Record> Combination.Part<C> part(
            String name, StoredAttachment stored, MethodProvider<C> method, double weight, StoredAttachment first) {
        if (!stored.method().id().equals(method.id())) {
            throw new ConfigurationException("the adapter in " + stored.directory() + " is of method "
                    + stored.method().id() + " and the one in " + first.directory() + " of method " + method.id()
                    + "; only adapters of one method can be combined");
        }
        C configuration = ConfigurationBinder.bind(
                method.configuration(),
                stored.configuration(),
                stored.directory().toString());
        Map<String, Tensor> state = new LinkedHashMap<>();
        stored.state().forEach((tensor, data) -> {
            Tensor value =
                    model.tensors().wrap(EngineArrays.copy(model.tensors().engine(), data));
            state.put(
                    method.format().renamed(tensor, stored.name(), name),
                    value.dtype().isFloating() ? value.cast(DType.FLOAT32) : value);
        });
        return new Combination.Part<>(configuration, state, weight);
    }
}
