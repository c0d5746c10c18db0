package dev.graft.methods.lora;

import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.Patches;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Low-rank updates attached to one model.
 *
 * @param parameters A, B and what else is trained
 * @param patches the updates by site
 * @param merge the merged value of every base parameter they change
 * @param rewritten names on disk that hold something else than the parameter of that name: updates that began with
 *     principal components are written with what they began with taken off, so that they fit the unchanged base
 */
record LoraAttachment(
        List<Parameter> parameters,
        Patches patches,
        Map<String, UnaryOperator<Tensor>> merge,
        Map<String, Supplier<Tensor>> rewritten)
        implements Attachment {
    /** Copies collections. */
    LoraAttachment {
        parameters = List.copyOf(parameters);
        merge = Map.copyOf(merge);
        rewritten = Map.copyOf(rewritten);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = Attachment.super.state();
        rewritten.forEach((name, value) -> state.put(name, value.get()));
        return state;
    }
}
