package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tensor.AttentionRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attention with the engine's own backward function. */
final class AttentionOperation {
    private AttentionOperation() {}

    static ArrayTensor apply(
            GraftTensors tensors, ArrayTensor query, ArrayTensor key, ArrayTensor value, AttentionRules given) {
        Engine engine = tensors.engine();
        ArrayTensor mask = (ArrayTensor) given.mask();
        ArrayTensor bias = given.bias() == null
                ? null
                : ElementOperations.cast(tensors, (ArrayTensor) given.bias(), query.dtype());
        List<ArrayTensor> operands = Arrays.asList(query, key, value, bias);
        Attention.Rules rules = new Attention.Rules(
                given.scale(), given.causal(), mask == null ? null : mask.array(), bias == null ? null : bias.array());
        Attention.Attended forward =
                engine.attention(query.array(), key.array(), value.array(), rules, tensors.recorded(operands));
        Held output = Held.owned(forward.output());
        Held own = forward.saved() == null ? null : Held.owned(forward.saved());
        List<Held> saved = new ArrayList<>(List.of(output, query.held(), key.held(), value.held()));
        for (ArrayTensor also : Arrays.asList(mask, bias)) {
            if (also != null) {
                saved.add(also.held());
            }
        }
        if (own != null) {
            saved.add(own);
        }
        ArrayTensor result = tensors.record(output, operands, saved, (gradient, needed) -> {
            Attention.AttentionGradients all = engine.attentionBackward(
                    gradient.array(),
                    query.held().array(),
                    key.held().array(),
                    value.held().array(),
                    rules,
                    forward,
                    needed[3]);
            Held forBias =
                    all.bias() == null ? null : ElementOperations.toShape(engine, Held.owned(all.bias()), bias.shape());
            return new Held[] {owned(all.query()), owned(all.key()), owned(all.value()), forBias};
        });
        if (own != null) {
            own.release();
        }
        return result;
    }

    private static Held owned(Array array) {
        return array == null ? null : Held.owned(array);
    }
}
