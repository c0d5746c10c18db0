package dev.graft.kernel.adapter;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param task of the model it was made for, if the files say so
 * @param basePath what its base model was loaded from, if the files say so
 * @param weights the main file
 * @param further the other files of its tensors that are there
 * @param side the side file with what is needed to train on, if there is one
 * @param parts what it is built upon
 * @param tasks the tasks it serves, where a run learnt several; else empty
 */
public record StoredAttachment(
        String name,
        MethodProvider<?> method,
        Path directory,
        Map<String, Object> configuration,
        Optional<Task> task,
        Optional<String> basePath,
        SafetensorsFile weights,
        List<SafetensorsFile> further,
        Optional<SafetensorsFile> side,
        List<StoredAttachment> parts,
        List<String> tasks) {
    /** Copies the lists. */
    public StoredAttachment {
        further = List.copyOf(further);
        parts = List.copyOf(parts);
        tasks = List.copyOf(tasks);
    }

    /** The tensors of its files by their names on disk. */
    public Map<String, TensorData> state() {
        Map<String, TensorData> state = new LinkedHashMap<>(weights.contents());
        further.forEach(file -> state.putAll(file.contents()));
        return state;
    }

    /** The tensors of the side file by their names on disk; empty where there is none. */
    public Map<String, TensorData> sideState() {
        return side.map(SafetensorsFile::contents).orElse(Map.of());
    }

    void close() {
        weights.close();
        further.forEach(SafetensorsFile::close);
        side.ifPresent(SafetensorsFile::close);
        parts.forEach(StoredAttachment::close);
    }
}
