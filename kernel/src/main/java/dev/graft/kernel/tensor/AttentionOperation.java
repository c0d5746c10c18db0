package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tensor.AttentionRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Attention with the engine's own backward function. */
final class AttentionOperation {
    private AttentionOperation() {}

    static ArrayTensor apply(
            GraftTensors tensors, ArrayTensor queries, ArrayTensor keys, ArrayTensor values, AttentionRules given) {
        DType dtype = Promotion.meeting(Promotion.meeting(queries.dtype(), keys.dtype()), values.dtype());
        ArrayTensor query = Promotion.to(tensors, queries, dtype);
        ArrayTensor key = Promotion.to(tensors, keys, dtype);
        ArrayTensor value = Promotion.to(tensors, values, dtype);
        ArrayTensor bias = Promotion.to(tensors, (ArrayTensor) given.bias(), dtype);
        ArrayTensor mask = (ArrayTensor) given.mask();
        List<ArrayTensor> operands = Arrays.asList(query, key, value, bias);
        Attention.Rules rules = new Attention.Rules(
                given.scale(), given.causal(), mask == null ? null : mask.array(), bias == null ? null : bias.array());
        Engine engine = tensors.ready();
        Attention.Attended forward =
                engine.attention(query.array(), key.array(), value.array(), rules, tensors.records(operands));
        Held output = Held.owned(forward.output());
        Held own = forward.saved() == null ? null : Held.owned(forward.saved());
        try {
            List<Held> saved = new ArrayList<>();
            for (ArrayTensor read : Arrays.asList(query, key, value, mask, bias)) {
                if (read != null) {
                    saved.add(read.held());
                }
            }
            saved.add(output);
            if (own != null) {
                saved.add(own);
            }
            return tensors.result(output, operands, saved, backward(engine, operands, rules, forward));
        } finally {
            if (own != null) {
                own.release();
            }
        }
    }

    private static Backward backward(
            Engine engine, List<ArrayTensor> operands, Attention.Rules rules, Attention.Attended forward) {
        Held query = operands.get(0).held();
        Held key = operands.get(1).held();
        Held value = operands.get(2).held();
        return gradients -> {
            boolean needBias = gradients.needs(3);
            Attention.AttentionGradients all = engine.attentionBackward(
                    gradients.ofResult(), query.array(), key.array(), value.array(), rules, forward, needBias);
            gradients.give(0, all.query());
            gradients.give(1, all.key());
            gradients.give(2, all.value());
            if (needBias) {
                gradients.give(
                        3, Objects.requireNonNull(all.bias()), rules.bias().shape());
            }
        };
    }
}
