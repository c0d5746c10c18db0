package dev.graft.kernel.adapter;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.method.MethodProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One attachment of an adapter on disk. Its tensors can be read as long as the {@link StoredAdapter} it belongs to is
 * open.
 *
 * @param name its name, that of its folder
 * @param method the installed method that reads it
 * @param directory where its files are
 * @param configuration the method's configuration keys
 * @param basePath what its base model was loaded from, if the files say so
 * @param weights the main file
 * @param side the side file with what is needed to train on, if there is one
 */
public record StoredAttachment(
        String name,
        MethodProvider<?> method,
        Path directory,
        Map<String, Object> configuration,
        Optional<String> basePath,
        SafetensorsFile weights,
        Optional<SafetensorsFile> side) {
    /** The tensors of the main file by their names on disk. */
    public Map<String, TensorData> state() {
        return weights.contents();
    }

    /** The tensors of the side file by their names on disk; empty where there is none. */
    public Map<String, TensorData> sideState() {
        return side.map(SafetensorsFile::contents).orElse(Map.of());
    }

    void close() {
        weights.close();
        side.ifPresent(SafetensorsFile::close);
    }
}
