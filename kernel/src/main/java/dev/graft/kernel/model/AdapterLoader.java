package dev.graft.kernel.model;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.adapter.NewAttachment;
import dev.graft.kernel.adapter.StoredAdapter;
import dev.graft.kernel.adapter.StoredAttachment;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Attaches adapters from disk to a model, and writes attached ones back. */
public final class AdapterLoader {
    private final Plugins registry;
    private final AdapterStore store;
    private final Tokenizer tokenizer;

    /** A loader for the methods of a registry, without a tokenizer. */
    public AdapterLoader(Plugins registry) {
        this(registry, null);
    }

    /**
     * A loader for the methods of a registry.
     *
     * @param tokenizer the base model's, which stays the caller's; null if there is none
     */
    public AdapterLoader(Plugins registry, Tokenizer tokenizer) {
        this.registry = registry;
        this.store = new AdapterStore(registry);
        this.tokenizer = tokenizer;
    }

    /**
     * Attaches the adapter of a directory.
     *
     * @return its attachments in order; the caller releases them
     * @throws ConfigurationException if it cannot be read or does not fit the model
     */
    public List<AttachedAdapter> load(Path directory, LoadedModel model) {
        return load(directory, model, List.of());
    }

    /**
     * Attaches the adapter of a directory after others.
     *
     * @param below what is attached before it, on whose inner layers it may act
     */
    public List<AttachedAdapter> load(Path directory, LoadedModel model, List<AttachedAdapter> below) {
        return load(directory, model, below, null);
    }

    /**
     * Attaches the adapter of a directory, with what training needs from a file of another name.
     *
     * @param sideFile what takes the place of the side file of its only attachment, or null
     */
    public List<AttachedAdapter> load(Path directory, LoadedModel model, List<AttachedAdapter> below, Path sideFile) {
        List<AttachedAdapter> attached = new ArrayList<>(below);
        try (StoredAdapter stored = store.load(directory)) {
            requireOneTask(stored);
            for (StoredAttachment attachment : stored.attachments()) {
                attached.add(attach(attachment, attachment.method(), model, attached, sideFile));
            }
            return List.copyOf(attached.subList(below.size(), attached.size()));
        } catch (RuntimeException e) {
            attached.subList(below.size(), attached.size()).forEach(AttachedAdapter::release);
            throw e;
        }
    }

    /**
     * Attaches the adapter of a run that learnt several tasks.
     *
     * @param models the model for what serves these tasks; where the adapter names none, for all that there are
     * @return its attachments in order; the caller releases them
     * @throws ConfigurationException if it cannot be read or does not fit the models
     */
    public List<PlacedAdapter> load(Path directory, Function<List<String>, LoadedModel> models) {
        List<PlacedAdapter> placed = new ArrayList<>();
        try (StoredAdapter stored = store.load(directory)) {
            for (StoredAttachment attachment : stored.attachments()) {
                List<String> tasks = attachment.tasks();
                LoadedModel model = models.apply(tasks);
                List<AttachedAdapter> below = PlacedAdapter.below(placed, tasks);
                placed.add(
                        new PlacedAdapter(attach(attachment, attachment.method(), model, below, null), model, tasks));
            }
            return List.copyOf(placed);
        } catch (RuntimeException e) {
            placed.forEach(one -> one.adapter().release());
            throw e;
        }
    }

    /**
     * Attaches what of the adapter of a run with several tasks serves one of them.
     *
     * @param model the base under the head of that task
     * @return its attachments in order; the caller releases them
     * @throws ConfigurationException if nothing serves the task; if it cannot be read or does not fit the model
     */
    public List<AttachedAdapter> load(Path directory, LoadedModel model, String task) {
        List<AttachedAdapter> attached = new ArrayList<>();
        try (StoredAdapter stored = store.load(directory)) {
            for (StoredAttachment attachment : stored.attachments()) {
                if (attachment.tasks().contains(task)) {
                    LoadedModel to = attachment.tasks().size() > 1 ? model.headless() : model;
                    attached.add(attach(attachment, attachment.method(), to, attached, null));
                }
            }
            if (attached.isEmpty()) {
                throw new ConfigurationException(directory + " holds nothing for the task '" + task + "'");
            }
            return List.copyOf(attached);
        } catch (RuntimeException e) {
            attached.forEach(AttachedAdapter::release);
            throw e;
        }
    }

    /** Attachments for different tasks are no layers of one another. */
    private static void requireOneTask(StoredAdapter stored) {
        if (stored.attachments().stream()
                        .map(StoredAttachment::tasks)
                        .distinct()
                        .count()
                > 1) {
            throw new ConfigurationException(stored.directory()
                    + " holds what a run learnt for several tasks; name one of its folders: "
                    + stored.attachments().stream()
                            .map(one -> one.directory().getFileName() + " (" + String.join(", ", one.tasks()) + ")")
                            .collect(Collectors.joining(", ")));
        }
    }

    private <C extends Record> AttachedAdapter attach(
            StoredAttachment stored,
            MethodProvider<C> method,
            LoadedModel model,
            List<AttachedAdapter> below,
            Path sideFile) {
        Engine engine = model.tensors().engine();
        Map<String, Array> arrays = new LinkedHashMap<>();
        List<AttachedAdapter> parts = new ArrayList<>();
        try {
            stored.state().forEach((name, data) -> arrays.put(name, EngineArrays.copy(engine, data)));
            stored.sideState().forEach((name, data) -> arrays.put(name, EngineArrays.copy(engine, data)));
            if (sideFile != null) {
                try (SafetensorsFile side = SafetensorsFile.open(sideFile)) {
                    side.contents().forEach((name, data) -> arrays.put(name, EngineArrays.copy(engine, data)));
                }
            }
            for (StoredAttachment part : stored.parts()) {
                parts.add(attach(part, part.method(), model, below, null));
            }
            C configuration = ConfigurationBinder.bind(
                    method.configuration(),
                    stored.configuration(),
                    stored.directory().toString());
            String source = stored.weights().path().toString();
            AdapterBuilder.Setting setting = AdapterBuilder.Setting.stored(stored.name(), arrays, source)
                    .with(tokenizer)
                    .madeFor(stored.task().orElse(null))
                    .over(below, parts);
            parts = List.of();
            return AdapterBuilder.attach(model, method, configuration, setting);
        } catch (ConfigurationException e) {
            String directory = stored.directory().toString();
            throw e.getMessage().contains(directory)
                    ? e
                    : new ConfigurationException("in " + directory + ": " + e.getMessage(), e);
        } finally {
            arrays.values().forEach(Array::close);
            parts.forEach(AttachedAdapter::release);
        }
    }

    /**
     * Writes attached adapters as one, whole or not at all.
     *
     * @param basePath what the base model was loaded from
     */
    public void save(Path directory, String basePath, LoadedModel model, List<AttachedAdapter> adapters) {
        save(
                directory,
                basePath,
                adapters.stream()
                        .map(adapter -> new PlacedAdapter(adapter, model, List.of()))
                        .toList(),
                Map.of());
    }

    /**
     * Writes attachments to models on the same weights as one adapter, with the values of further attachments beside them, whole
     * or not at all.
     *
     * @param basePath what the base model was loaded from
     * @param adapters in order, at least one
     * @param beside by the name of the file that keeps their values
     */
    public void save(
            Path directory, String basePath, List<PlacedAdapter> adapters, Map<String, AttachedAdapter> beside) {
        LoadedModel model = adapters.get(0).model();
        try (Scope scope = model.tensors().scope()) {
            Map<String, Map<String, TensorData>> further = new LinkedHashMap<>();
            beside.forEach((file, adapter) -> further.put(file, values(model, adapter)));
            store.save(
                    directory,
                    basePath,
                    adapters.stream()
                            .map(one -> stored(one.model(), one.adapter(), one.tasks()))
                            .toList(),
                    further);
        }
    }

    /** The saved parameters and variables of an attachment by their names on disk. */
    private static Map<String, TensorData> values(LoadedModel model, AttachedAdapter adapter) {
        Engine engine = model.tensors().engine();
        Map<String, TensorData> values = new LinkedHashMap<>();
        adapter.attachment().state().forEach((name, tensor) -> values.put(name, data(engine, tensor)));
        adapter.variables().forEach((name, variable) -> {
            if (adapter.storage(variable) != ParameterSpec.Storage.RUN) {
                values.put(name, data(engine, variable.tensor()));
            }
        });
        return values;
    }

    private NewAttachment stored(LoadedModel model, AttachedAdapter adapter, List<String> tasks) {
        Engine engine = model.tensors().engine();
        Map<String, Tensor> state = new LinkedHashMap<>(adapter.attachment().state());
        if (!adapter.learns()) {
            state.keySet().removeAll(adapter.absent());
        }
        state.putAll(adapter.buffers());
        Map<String, Tensor> sideState = new LinkedHashMap<>();
        adapter.variables().forEach((name, variable) -> {
            switch (adapter.storage(variable)) {
                case REQUIRED, OPTIONAL -> state.put(name, variable.tensor());
                case SIDE -> sideState.put(name, variable.tensor());
                case RUN -> {}
            }
        });
        Map<String, TensorData> main = new LinkedHashMap<>();
        state.forEach((name, tensor) -> main.put(name, data(engine, tensor)));
        for (Parameter parameter : adapter.attachment().parameters()) {
            if (parameter.spec().storage() == ParameterSpec.Storage.SIDE) {
                sideState.put(parameter.name(), parameter.tensor());
            }
        }
        Map<String, TensorData> side = new LinkedHashMap<>();
        sideState.forEach((name, tensor) -> side.put(name, data(engine, tensor)));
        return new NewAttachment(
                adapter.name(),
                registry.method(adapter.method() + "@" + adapter.version()),
                ConfigurationBinder.toMap(adapter.configuration()),
                new ModelView(
                        model.description().forTask(adapter.task()),
                        model.view().sites()),
                main,
                side,
                adapter.parts().stream()
                        .map(part -> stored(model, part, List.of()))
                        .toList(),
                tasks);
    }

    private static TensorData data(Engine engine, Tensor tensor) {
        return EngineArrays.data(engine, ((ArrayTensor) tensor).array());
    }
}
