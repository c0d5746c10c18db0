package dev.graft.standalone.inspect;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.TensorInfo;
import dev.graft.standalone.terminal.ByteCount;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads what a checkpoint's config and the headers of its files say; weights are not loaded. */
public final class CheckpointInspector {
    private static final List<String> MEASURES = List.of(
            "hidden_size",
            "n_embd",
            "num_hidden_layers",
            "n_layer",
            "num_attention_heads",
            "n_head",
            "num_key_value_heads",
            "intermediate_size",
            "vocab_size",
            "max_position_embeddings",
            "n_positions",
            "sliding_window",
            "tie_word_embeddings");

    private final Plugins plugins;

    /** An inspector that knows which model types are supported. */
    public CheckpointInspector(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * Inspects a directory.
     *
     * @param everyTensor whether every tensor has a line of its own
     */
    public Inspection inspect(Path directory, boolean everyTensor) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            List<TensorInfo> tensors = checkpoint.tensors();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("kind", "checkpoint");
            facts.put("path", directory.toString());
            String type = checkpoint.config().modelType();
            facts.put("model_type", type);
            facts.put("plugin", plugin(type));
            facts.put("architectures", checkpoint.config().architectures());
            Map<String, Object> config = checkpoint.config().asMap();
            for (String measure : MEASURES) {
                if (config.get(measure) != null) {
                    facts.put(measure, config.get(measure));
                }
            }
            facts.put("dtypes", dtypes(tensors));
            facts.put("files", checkpoint.homes().values().stream().distinct().count());
            facts.put(
                    "size",
                    ByteCount.text(tensors.stream().mapToLong(TensorInfo::bytes).sum()));
            facts.put("parameters", parameters(tensors));
            return new Inspection(facts, everyTensor ? TensorGroup.single(tensors) : TensorGroup.of(tensors), "");
        }
    }

    /** Number of elements of the floating-point tensors. */
    static long parameters(List<TensorInfo> tensors) {
        return tensors.stream()
                .filter(tensor -> tensor.dtype().isFloating())
                .mapToLong(tensor -> tensor.shape().elements())
                .sum();
    }

    private String plugin(String modelType) {
        return plugins.models().stream()
                .filter(model -> model.modelTypes().contains(modelType))
                .map(model -> model.id() + "@" + model.version())
                .findFirst()
                .orElse("none that understands this model_type");
    }

    private static Map<String, Long> dtypes(List<TensorInfo> tensors) {
        return tensors.stream()
                .collect(Collectors.groupingBy(
                        tensor -> tensor.dtype().safetensorsName(), LinkedHashMap::new, Collectors.counting()));
    }
}
