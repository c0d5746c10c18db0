package dev.graft.spi.method;

import dev.graft.spi.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How adapters of a method look on disk: one JSON file that describes and one safetensors file that holds tensors, in
 * the layout of the library where the method is at home. Maps hold strings, numbers, truth values, lists and maps.
 *
 * <p>What was saved and loaded MUST compute the same, to the bit (rule 5.01), and MUST be saved as the same files
 * again (rule 5.02). The files MUST hold what the adapter declares to be saved, and nothing of the base (rule 5.04).
 * A file that was cut off (rule 5.07), that lacks a tensor (rule 5.08), holds one of another shape (rule 5.09) or
 * one too many (rule 5.10) MUST be refused in one sentence, with nothing left.
 */
public interface AdapterFormat {
    /** Name of the describing file; PEFT's, {@code adapter_config.json}, unless overridden. */
    default String configFile() {
        return "adapter_config.json";
    }

    /** Name of the tensor file; PEFT's, {@code adapter_model.safetensors}, unless overridden. */
    default String weightsFile() {
        return "adapter_model.safetensors";
    }

    /**
     * Whether a describing file found on disk is of this method.
     *
     * <p>What {@link #write} wrote MUST be recognised, an empty file and one of another kind MUST NOT (rule 5.05).
     */
    boolean recognises(Map<String, Object> file);

    /**
     * Whether this method, of several that recognise a describing file, is the one to read it where nothing else says
     * which of them made it.
     */
    default boolean prefers(Map<String, Object> file) {
        return true;
    }

    /**
     * The method's configuration keys out of a describing file.
     *
     * <p>What comes back MUST make an attachment of the same parameters (rule 5.06). Whatever value stands at a key
     * MUST be read or refused in one sentence (rule 5.11).
     *
     * @throws dev.graft.spi.config.ConfigurationException if the file asks for something this method does not do
     */
    Map<String, Object> read(Map<String, Object> file);

    /** The task of the model that the adapter was made for, where the describing file says it; PEFT's {@code task_type}. */
    default Optional<Task> task(Map<String, Object> file) {
        return Arrays.stream(Task.values())
                .filter(task -> task.name().equals(file.get("task_type")))
                .findFirst();
    }

    /** The adapter's name, where the describing file holds it; its folder's name otherwise. */
    default Optional<String> name(Map<String, Object> file) {
        return Optional.empty();
    }

    /**
     * The name on disk of a tensor in an adapter of another name; the same unless adapters' names are part of it.
     *
     * @param tensor the name on disk
     * @param from the adapter's name
     * @param to the other name
     */
    default String renamed(String tensor, String from, String to) {
        return tensor;
    }

    /** The tensor file in which a tensor stands; all in {@link #weightsFile} unless overridden. */
    default String fileOf(String tensor) {
        return weightsFile();
    }

    /** Tensor files beside {@link #weightsFile} that may be there, such as one for the head. */
    default List<String> furtherFiles() {
        return List.of();
    }

    /**
     * The names of the adapters that an adapter is built upon, whose folders lie beside its own; empty for techniques
     * that stand alone.
     *
     * @param file the describing file
     */
    default List<String> parts(Map<String, Object> file) {
        return List.of();
    }

    /**
     * The describing file for an adapter.
     *
     * <p>It MUST hold strings, numbers, truth values, lists and maps with string keys alone (rule 5.12).
     */
    Map<String, Object> write(Described adapter);

    /** Describing files beside {@link #configFile}, by name. */
    default Map<String, Map<String, Object>> writeFurther(Described adapter) {
        return Map.of();
    }

    /**
     * An adapter to be described.
     *
     * @param name its name
     * @param configuration the method's configuration keys
     * @param model the model it is attached to
     * @param basePath what the base model was loaded from, for {@code base_model_name_or_path}
     * @param parts names of the adapters it is built upon
     * @param tensors names of the tensors that are kept
     */
    record Described(
            String name,
            Map<String, Object> configuration,
            ModelView model,
            String basePath,
            List<String> parts,
            Set<String> tensors) {}
}
