package dev.graft.methods.lora;

import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.Patches;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Low-rank updates attached to one model.
 *
 * @param tensors makes tensors
 * @param parameters A, B and what else is trained
 * @param patches the updates by site
 * @param merges the merged value of every base parameter they change
 * @param principal by module name on disk, updates that began with principal components. They are written as updates of
 *     twice the rank with what they began with taken off, so that they fit the unchanged base
 */
record LoraAttachment(
        Tensors tensors,
        List<Parameter> parameters,
        Patches patches,
        Map<String, UnaryOperator<Tensor>> merges,
        Map<String, LowRank> principal)
        implements Attachment {
    /** Copies collections. */
    LoraAttachment {
        parameters = List.copyOf(parameters);
        merges = Map.copyOf(merges);
        principal = Map.copyOf(principal);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = Attachment.super.state();
        principal.forEach((module, update) -> {
            LowRank.Start start = update.start();
            Tensor a = tensors.concat(List.of(update.a().tensor().detach(), start.a()), 0);
            Tensor b = tensors.concat(
                    List.of(update.b().tensor().detach(), start.b().neg()), 1);
            state.put(module + ".lora_A.weight", a);
            state.put(module + ".lora_B.weight", b);
        });
        return state;
    }

    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        return merges;
    }
}
