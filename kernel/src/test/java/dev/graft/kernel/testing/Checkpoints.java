package dev.graft.kernel.testing;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
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
        write(bench, model, config, directory, naming, Map.of());
    }

    /**
     * Writes a model with an attachment merged into it.
     *
     * @param merge what becomes of which parameter
     */
    public static void writeMerged(
            Bench bench,
            LoadedModel model,
            CheckpointConfig config,
            Path directory,
            Map<String, UnaryOperator<Tensor>> merge) {
        write(bench, model, config, directory, UnaryOperator.identity(), merge);
    }

    private static void write(
            Bench bench,
            LoadedModel model,
            CheckpointConfig config,
            Path directory,
            UnaryOperator<String> naming,
            Map<String, UnaryOperator<Tensor>> merge) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        try (Scope scope = bench.tensors().scope()) {
            for (Weight weight : model.weights().all()) {
                Tensor value = merge.getOrDefault(weight.name(), UnaryOperator.identity())
                        .apply(weight.tensor());
                tensors.put(
                        naming.apply(weight.name()), EngineArrays.data(bench.engine(), ((ArrayTensor) value).array()));
            }
            CheckpointWriter.write(directory, config.asMap(), tensors, List.of(), CheckpointWriter.DEFAULT_SHARD_BYTES);
        }
    }
}
