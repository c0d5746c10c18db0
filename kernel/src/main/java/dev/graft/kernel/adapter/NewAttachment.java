package dev.graft.kernel.adapter;

import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import java.util.Map;

/**
 * One attachment of an adapter that is to be stored.
 *
 * @param name its name, that of its folder where there are several
 * @param method what made it
 * @param configuration the method's configuration keys
 * @param model the model it is attached to
 * @param state the tensors of the main file by their names on disk
 * @param side the tensors needed to train on, which go to the side file; may be empty
 */
public record NewAttachment(
        String name,
        MethodProvider<?> method,
        Map<String, Object> configuration,
        ModelView model,
        Map<String, TensorData> state,
        Map<String, TensorData> side) {}
