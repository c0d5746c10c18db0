package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.engine.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A checkpoint of two blocks and a few weights, enough to be looked at. */
final class SampleCheckpoint {
    private SampleCheckpoint() {}

    static Path write(Path directory) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("model.embed_tokens.weight", TensorData.of(Shape.of(4, 2), new float[8]));
        tensors.put("model.layers.0.norm.weight", TensorData.of(Shape.of(2), new float[2]));
        tensors.put("model.layers.1.norm.weight", TensorData.of(Shape.of(2), new float[2]));
        Map<String, Object> config =
                Map.of("model_type", "llama", "architectures", List.of("LlamaForCausalLM"), "hidden_size", 2);
        CheckpointWriter.write(directory, config, tensors, List.of(), CheckpointWriter.DEFAULT_SHARD_BYTES);
        return directory;
    }
}
