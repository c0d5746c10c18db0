package dev.graft.kernel.adapter;

import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One attachment of an adapter that is to be stored.
 *
 * @param name its name, that of its folder where there are several
 * @param method what made it
 * @param configuration the method's configuration keys
 * @param model the model it is attached to
 * @param state the tensors of the main file by their names on disk
 * @param side the tensors needed to train on, which go to the side file; may be empty
 * @param parts what it is built upon
 * @param tasks the tasks it serves, where a run learnt several; else empty
 */
public record NewAttachment(
        String name,
        MethodProvider<?> method,
        Map<String, Object> configuration,
        ModelView model,
        Map<String, TensorData> state,
        Map<String, TensorData> side,
        List<NewAttachment> parts,
        List<String> tasks) {
    /** Copies the lists. */
    public NewAttachment {
        parts = List.copyOf(parts);
        tasks = List.copyOf(tasks);
    }

    /** An attachment of a run with one task. */
    public NewAttachment(
            String name,
            MethodProvider<?> method,
            Map<String, Object> configuration,
            ModelView model,
            Map<String, TensorData> state,
            Map<String, TensorData> side,
            List<NewAttachment> parts) {
        this(name, method, configuration, model, state, side, parts, List.of());
    }

    /** An attachment that stands alone. */
    public NewAttachment(
            String name,
            MethodProvider<?> method,
            Map<String, Object> configuration,
            ModelView model,
            Map<String, TensorData> state,
            Map<String, TensorData> side) {
        this(name, method, configuration, model, state, side, List.of());
    }

    /** This attachment and those it is built upon, innermost first. */
    Stream<NewAttachment> all() {
        return Stream.concat(parts.stream().flatMap(NewAttachment::all), Stream.of(this));
    }

    /** How its method describes it on disk. */
    AdapterFormat.Described described(String basePath) {
        return new AdapterFormat.Described(
                name,
                configuration,
                model,
                basePath,
                parts.stream().map(NewAttachment::name).toList(),
                state.keySet());
    }
}
