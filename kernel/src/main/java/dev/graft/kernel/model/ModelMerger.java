package dev.graft.kernel.model;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Room;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a model with its adapters merged into the weights, as a plain Hugging Face checkpoint. Arithmetic is in single
 * precision; each tensor is written in the element type it was stored in, unless another is asked for. The model that was
 * merged stays as it was.
 */
public final class ModelMerger {
    private static final List<String> COMPANIONS = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "tokenizer.model");

    /**
     * What to write.
     *
     * @param labels class names of a classification head; empty leaves those of the checkpoint
     * @param dtype element type of all floating-point tensors; null = as each is stored
     * @param shardBytes most bytes of tensors in one file
     */
    public record Form(List<String> labels, DType dtype, long shardBytes) {
        /** Tensors as they are stored, in shards of the usual size. */
        public static Form asStored() {
            return new Form(List.of(), null, CheckpointWriter.DEFAULT_SHARD_BYTES);
        }
    }

    private final LoadedModel model;
    private final GraftTensors tensors;
    private final Map<String, List<UnaryOperator<Tensor>>> changes = new LinkedHashMap<>();
    private final Set<String> changedLookUps = new LinkedHashSet<>();

    /**
     * Prepares a merge. In the order in which they act when attached, changes by attachments that stand in for a parameter
     * come before those by attachments that act around a layer or a table.
     *
     * @param adapters in the order of attachment
     * @throws ConfigurationException if one of them cannot be merged, saying why
     */
    public ModelMerger(LoadedModel model, List<AttachedAdapter> adapters) {
        this.model = model;
        this.tensors = model.tensors();
        List<Map<String, UnaryOperator<Tensor>>> merges =
                adapters.stream().map(adapter -> adapter.attachment().merge()).toList();
        for (boolean standingIn : List.of(true, false)) {
            for (int i = 0; i < adapters.size(); i++) {
                Patches patches = adapters.get(i).attachment().patches();
                merges.get(i).forEach((name, change) -> {
                    if (patches.parameter().containsKey(name) == standingIn) {
                        changes.computeIfAbsent(name, key -> new ArrayList<>()).add(change);
                    }
                });
            }
        }
        adapters.forEach(adapter ->
                changedLookUps.addAll(adapter.attachment().patches().embedding().keySet()));
    }

    /**
     * Writes the merged model, whole or not at all. A model whose weights were all drawn at random is written as it
     * was drawn; its checkpoint need not hold any.
     *
     * @param base the checkpoint the model was loaded from
     * @param target the directory to write
     */
    public void write(Path base, Path target, Form form) {
        boolean drawn = model.weights().all().stream().allMatch(Weight::fresh);
        try (Checkpoint checkpoint = drawn ? Checkpoint.openWithoutWeights(base) : Checkpoint.open(base)) {
            Map<String, TensorData> merged = new LinkedHashMap<>();
            checkpoint
                    .tensors()
                    .forEach(info -> merged.put(info.name(), stored(checkpoint.tensor(info.name()), form.dtype())));
            Map<String, Object> opened = new LinkedHashMap<>();
            boolean untied = change(merged, checkpoint, form.dtype(), opened);
            DType declared =
                    form.dtype() == null && drawn ? model.weights().all().get(0).dtype() : form.dtype();
            CheckpointWriter.write(
                    target,
                    config(checkpoint, form.labels(), untied, declared, opened),
                    merged,
                    companions(base),
                    form.shardBytes());
        }
    }

    /**
     * Puts what the adapters change in place of what is stored, and says whether a shared weight became two.
     *
     * @param opened takes the keys of the configuration that make room for parameters the checkpoint lacks
     */
    private boolean change(
            Map<String, TensorData> merged, Checkpoint checkpoint, DType wanted, Map<String, Object> opened) {
        Map<String, List<UnaryOperator<Tensor>>> open = new LinkedHashMap<>(changes);
        Set<String> names = model.weightsByName().keySet();
        boolean untied = false;
        for (Map.Entry<String, Weight> entry : model.weightsByName().entrySet()) {
            Weight weight = entry.getValue();
            String stored = model.storedName(weight);
            DType dtype = wanted == null ? dtype(checkpoint, stored, weight) : wanted;
            boolean renamed = open.containsKey(weight.name()) && !names.contains(weight.name());
            List<UnaryOperator<Tensor>> own = open.remove(renamed ? weight.name() : entry.getKey());
            boolean shared = !entry.getKey().equals(weight.name()) && !renamed;
            if (shared && (own != null || parted(weight))) {
                untied = true;
                merged.put(entry.getKey(), changed(weight, dtype, own));
            } else if (!shared && (own != null || weight.fresh())) {
                merged.put(stored, changed(weight, dtype, own));
            }
        }
        open.entrySet().removeIf(entry -> addsNothing(entry.getKey(), entry.getValue()));
        Room room = model.room(open.keySet());
        open.keySet().stream()
                .filter(name -> !room.parameters().containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new ConfigurationException(
                            "this adapter cannot be merged: it brings '" + name + "', for which checkpoints of "
                                    + model.description().architecture() + " have no place");
                });
        room.parameters().forEach((name, shape) -> {
            String module = name.substring(0, name.lastIndexOf('.'));
            Weight sibling = model.weightsByName().get(module + ".weight");
            DType dtype = wanted == null ? dtype(checkpoint, model.storedName(sibling), sibling) : wanted;
            merged.put(name, changed(() -> tensors.zeros(shape, DType.FLOAT32), shape, dtype, open.get(name)));
        });
        opened.putAll(room.config());
        return untied;
    }

    /** Whether a bias that the base lacks would be zero, such as one that is only scaled. */
    private boolean addsNothing(String name, List<UnaryOperator<Tensor>> own) {
        String module = name.substring(0, name.lastIndexOf('.') + 1);
        Optional<LinearSite> site = model.view()
                .linears()
                .filter(linear -> module.equals(linear.name() + "."))
                .findFirst();
        if (site.isEmpty() || !name.endsWith(".bias")) {
            return false;
        }
        return tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                Tensor value = tensors.zeros(Shape.of(site.get().outputs()), DType.FLOAT32);
                for (UnaryOperator<Tensor> change : own) {
                    value = change.apply(value);
                }
                float[] added = value.floats();
                return IntStream.range(0, added.length).allMatch(i -> added[i] == 0);
            }
        });
    }

    /** A tensor that no adapter changes, in another element type where one is asked for. */
    private TensorData stored(TensorData data, DType wanted) {
        if (wanted == null || !data.dtype().isFloating() || data.dtype() == wanted) {
            return data;
        }
        Engine engine = tensors.engine();
        return new TensorData(wanted, data.shape(), consumer -> {
            try (Array whole = EngineArrays.share(engine, data);
                    Array cast = engine.cast(whole, wanted)) {
                EngineArrays.data(engine, cast).elements().forEachPiece(consumer);
            }
        });
    }

    /** Whether an adapter changes what a table gives but not the head that shares its weight. */
    private boolean parted(Weight weight) {
        return changedLookUps.stream().anyMatch(site -> weight.name().equals(site + ".weight"));
    }

    private TensorData changed(Weight weight, DType dtype, List<UnaryOperator<Tensor>> ownOrNull) {
        return changed(() -> weight.tensor().cast(DType.FLOAT32), weight.shape(), dtype, ownOrNull);
    }

    private TensorData changed(
            Supplier<Tensor> before, Shape shape, DType dtype, List<UnaryOperator<Tensor>> ownOrNull) {
        List<UnaryOperator<Tensor>> own = ownOrNull == null ? List.of() : ownOrNull;
        return new TensorData(
                dtype,
                shape,
                consumer -> tensors.withoutGradient(() -> {
                    try (Scope scope = tensors.scope()) {
                        Tensor value = before.get();
                        for (UnaryOperator<Tensor> change : own) {
                            value = change.apply(value);
                        }
                        ArrayTensor plain = (ArrayTensor) value.cast(dtype);
                        try (var contiguous = tensors.engine().copy(plain.array())) {
                            EngineArrays.data(tensors.engine(), contiguous)
                                    .elements()
                                    .forEachPiece(consumer);
                        }
                        return null;
                    }
                }));
    }

    private static DType dtype(Checkpoint checkpoint, String stored, Weight weight) {
        return checkpoint.find(stored).map(info -> info.dtype()).orElse(weight.dtype());
    }

    private Map<String, Object> config(
            Checkpoint checkpoint, List<String> labels, boolean untied, DType dtype, Map<String, Object> opened) {
        Map<String, Object> config = new LinkedHashMap<>(checkpoint.config().asMap());
        config.putAll(opened);
        ModelDescription description = model.description();
        config.put("architectures", List.of(description.architecture()));
        if (dtype != null) {
            String name = dtype.name().toLowerCase(Locale.ROOT);
            if (config.replace("dtype", name) == null || config.containsKey("torch_dtype")) {
                config.put("torch_dtype", name);
            }
        }
        if (untied) {
            config.put("tie_word_embeddings", false);
        }
        if (description.labels() > 0) {
            Map<String, Object> names = new LinkedHashMap<>();
            Map<String, Object> ids = new LinkedHashMap<>();
            for (int id = 0; id < description.labels(); id++) {
                String name = id < labels.size() ? labels.get(id) : "LABEL_" + id;
                names.put(String.valueOf(id), name);
                ids.put(name, id);
            }
            boolean known = checkpoint.config().asMap().get("id2label") instanceof Map<?, ?> map
                    && map.size() == description.labels();
            if (!labels.isEmpty() || !known) {
                config.put("id2label", names);
                config.put("label2id", ids);
            }
        }
        return config;
    }

    private static List<Path> companions(Path base) {
        Stream<Path> files = COMPANIONS.stream().map(base::resolve);
        return files.filter(Files::isRegularFile).toList();
    }
}
