package dev.graft.kernel.testing;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Weight;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes models made in tests to disk. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Writes a model.
     *
     * @param naming what a tensor is called in the file
     */
    public static void write(
            Bench bench, LoadedModel model, CheckpointConfig config, Path directory, UnaryOperator<String> naming) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Weight weight : model.weights().all()) {
            ArrayTensor value = (ArrayTensor) weight.tensor();
            tensors.put(naming.apply(weight.name()), EngineArrays.data(bench.engine(), value.array()));
        }
        CheckpointWriter.write(directory, config.asMap(), tensors, List.of(), CheckpointWriter.DEFAULT_SHARD_BYTES);
    }
}
