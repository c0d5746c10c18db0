package dev.graft.kernel.checkpoint;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code model.safetensors.index.json}: which tensor lies in which file. */
final class ShardIndex {
    static final String FILE = "model.safetensors.index.json";

    private final Path file;
    private final Map<String, String> shardByTensor = new TreeMap<>();

    private ShardIndex(Path file) {
        this.file = file;
    }

    static ShardIndex read(Path file) {
        ShardIndex index = new ShardIndex(file);
        if (!(JsonFile.read(file).get("weight_map") instanceof Map<?, ?> weights)) {
            throw new ConfigurationException(file + " must have a key weight_map that maps tensors to files");
        }
        weights.forEach((tensor, shard) -> index.shardByTensor.put((String) tensor, index.plainName(tensor, shard)));
        return index;
    }

    /** The names of all shards, each once, sorted. */
    List<String> shards() {
        return shardByTensor.values().stream().distinct().sorted().toList();
    }

    /**
     * Opens all shards; if one is missing or does not hold what the index says, those opened so far are closed.
     *
     * @throws ConfigurationException naming the shard or the tensor
     */
    List<SafetensorsFile> open() {
        List<SafetensorsFile> opened = new ArrayList<>();
        try {
            for (String shard : shards()) {
                Path path = file.resolveSibling(shard);
                if (Files.notExists(path)) {
                    throw new ConfigurationException(file + " names the shard " + shard + ", which is missing in "
                            + path.getParent() + "; it must hold " + shards().size() + " shards");
                }
                opened.add(SafetensorsFile.open(path));
            }
            opened.forEach(this::check);
            return opened;
        } catch (RuntimeException e) {
            opened.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private void check(SafetensorsFile shard) {
        String name = shard.path().getFileName().toString();
        shardByTensor.forEach((tensor, home) -> {
            boolean there = shard.find(tensor).isPresent();
            if (home.equals(name) && !there) {
                throw new ConfigurationException(
                        file + " says that tensor " + tensor + " is in " + name + ", but it is not there");
            }
            if (!home.equals(name) && there) {
                throw new ConfigurationException("tensor " + tensor + " is in " + name + " as well as in " + home
                        + ", but " + file + " allows it in the latter alone");
            }
        });
    }

    private String plainName(Object tensor, Object shard) {
        if (shard instanceof String name && !name.isEmpty() && !name.contains("/") && !name.contains("\\")) {
            return name;
        }
        throw new ConfigurationException(
                file + " puts tensor " + tensor + " into '" + shard + "', but a shard must be a file beside it");
    }
}
