package dev.graft.kernel.checkpoint;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.safetensors.TensorInfo;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Hugging Face model directory: {@code config.json}, {@code model.safetensors} or shards with an index, and perhaps
 * {@code generation_config.json}. Tensors are found by name, whatever file they lie in; opening reads headers alone.
 * Whoever shares a tensor's memory with an engine keeps the checkpoint open for as long.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path directory;
    private final JsonCheckpointConfig config;
    private final Optional<JsonCheckpointConfig> generationConfig;
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsFile> fileByTensor = new LinkedHashMap<>();

    private Checkpoint(Path directory, List<SafetensorsFile> files) {
        this.directory = directory;
        this.files = files;
        this.config = JsonCheckpointConfig.read(directory.resolve("config.json"));
        Path generation = directory.resolve("generation_config.json");
        this.generationConfig =
                Files.exists(generation) ? Optional.of(JsonCheckpointConfig.read(generation)) : Optional.empty();
        for (SafetensorsFile file : files) {
            for (TensorInfo tensor : file.tensors()) {
                SafetensorsFile other = fileByTensor.putIfAbsent(tensor.name(), file);
                if (other != null) {
                    throw new ConfigurationException("tensor " + tensor.name() + " is in " + other.path()
                            + " as well as in " + file.path() + ", but is allowed once");
                }
            }
        }
    }

    /**
     * Opens a model with its weights.
     *
     * @throws ConfigurationException if the directory holds no model that may be read: no config, no safetensors, a
     *     missing or wrong shard, a damaged file
     */
    public static Checkpoint open(Path directory) {
        requireModel(directory);
        List<SafetensorsFile> files = WeightFiles.open(directory);
        try {
            return new Checkpoint(directory, files);
        } catch (RuntimeException e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    /**
     * Opens a model's configuration alone, for a model that is trained from scratch: it has no tensors.
     *
     * @throws ConfigurationException if there is no readable {@code config.json}
     */
    public static Checkpoint openWithoutWeights(Path directory) {
        requireModel(directory);
        return new Checkpoint(directory, List.of());
    }

    /** The directory. */
    public Path directory() {
        return directory;
    }

    /** {@code config.json}. */
    public JsonCheckpointConfig config() {
        return config;
    }

    /** {@code generation_config.json}, if there is one. */
    public Optional<JsonCheckpointConfig> generationConfig() {
        return generationConfig;
    }

    /** Whether there is a tensor of this name. */
    public boolean contains(String name) {
        return fileByTensor.containsKey(name);
    }

    /** What is known of a tensor without reading it, if there is one of this name. */
    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(fileByTensor.get(name)).flatMap(file -> file.find(name));
    }

    /** All tensors, file by file in the order of their bytes, without reading them. */
    public List<TensorInfo> tensors() {
        return files.stream().flatMap(file -> file.tensors().stream()).toList();
    }

    /**
     * A tensor's elements.
     *
     * @throws ConfigurationException if there is no tensor of this name
     */
    public TensorData tensor(String name) {
        SafetensorsFile file = fileByTensor.get(name);
        if (file == null) {
            throw new ConfigurationException(
                    directory + " has no tensor '" + name + "' among its " + fileByTensor.size());
        }
        return file.tensor(name);
    }

    /** The file that holds each tensor, by tensor name. */
    public Map<String, Path> homes() {
        Map<String, Path> homes = new LinkedHashMap<>();
        fileByTensor.forEach((name, file) -> homes.put(name, file.path()));
        return Collections.unmodifiableMap(homes);
    }

    /** Closes all files. */
    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    private static void requireModel(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ConfigurationException("the model directory " + directory + " does not exist");
        }
        if (!Files.exists(directory.resolve("config.json"))) {
            throw new ConfigurationException(directory + " has no config.json"
                    + (Files.exists(directory.resolve("adapter_config.json"))
                            ? ": it holds an adapter, not a model"
                            : ", which every model directory must have"));
        }
    }
}
