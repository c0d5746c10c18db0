package dev.graft.kernel.checkpoint;

import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.AtomicDirectory;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes a Hugging Face model directory, whole or not at all. Tensors are asked for their elements one after another, so
 * that a model larger than memory can be written.
 */
public final class CheckpointWriter {
    /** What transformers uses: shards of 5 GB. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private static final Pattern MODEL_FILE = Pattern.compile(
            "(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\\.json"
                    + "|model(-\\d+-of-\\d+)?\\.safetensors|model\\.safetensors\\.index\\.json"
                    + "|merges\\.txt|vocab\\.txt|chat_template\\.(jinja|json)|README\\.md|LICENSE|.*\\.model");

    private CheckpointWriter() {}

    /**
     * Writes a directory, replacing a model that is there.
     *
     * @param config the content of {@code config.json}
     * @param tensors by name, in the order in which they fill the shards
     * @param companions files to copy beside them: tokenizer, generation config
     * @param shardBytes most bytes of tensors in one file; a larger tensor has a file of its own
     * @throws ConfigurationException if it cannot be written or would replace something that is no model's
     */
    public static void write(
            Path directory,
            Map<String, ?> config,
            Map<String, TensorData> tensors,
            Collection<Path> companions,
            long shardBytes) {
        AtomicDirectory.write(directory, CheckpointWriter::isModelFile, target -> {
            JsonFile.write(target.resolve("config.json"), config);
            companions.forEach(file -> copy(file, target.resolve(file.getFileName())));
            writeWeights(target, tensors, shardBytes);
        });
    }

    private static void writeWeights(Path target, Map<String, TensorData> tensors, long shardBytes) {
        List<Map<String, TensorData>> shards = split(tensors, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(target.resolve(WeightFiles.SINGLE), shards.get(0));
            return;
        }
        Map<String, String> homes = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter.write(target.resolve(name), shards.get(i));
            shards.get(i).keySet().forEach(tensor -> homes.put(tensor, name));
        }
        long bytes = tensors.values().stream().mapToLong(TensorData::bytes).sum();
        long elements = tensors.values().stream()
                .mapToLong(tensor -> tensor.shape().elements())
                .sum();
        JsonFile.write(
                target.resolve(ShardIndex.FILE),
                Map.of("metadata", Map.of("total_size", bytes, "total_parameters", elements), "weight_map", homes));
    }

    private static List<Map<String, TensorData>> split(Map<String, TensorData> tensors, long shardBytes) {
        List<Map<String, TensorData>> shards = new ArrayList<>(List.of(new LinkedHashMap<>()));
        long size = 0;
        for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
            long bytes = entry.getValue().bytes();
            if (size > 0 && size + bytes > shardBytes) {
                shards.add(new LinkedHashMap<>());
                size = 0;
            }
            shards.get(shards.size() - 1).put(entry.getKey(), entry.getValue());
            size += bytes;
        }
        return shards;
    }

    private static boolean isModelFile(Path entry) {
        return MODEL_FILE.matcher(entry.getFileName().toString()).matches() && Files.isRegularFile(entry);
    }

    private static void copy(Path from, Path to) {
        try {
            AtomicFile.write(to, Files.readAllBytes(from));
        } catch (IOException e) {
            throw new ConfigurationException("the file " + from + " cannot be copied: " + e, e);
        }
    }
}
