package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import java.util.ArrayList;
import java.util.List;

/** Rotary positions and losses, with the engine's own backward functions. */
final class CompositeOperations {
    private CompositeOperations() {}

    static ArrayTensor rotary(GraftTensors tensors, ArrayTensor x, ArrayTensor cos, ArrayTensor sin) {
        Engine engine = tensors.ready();
        Held y = Held.owned(engine.rotary(x.array(), cos.array(), sin.array(), false));
        Held c = cos.held();
        Held s = sin.held();
        return tensors.result(
                y,
                List.of(x),
                List.of(c, s),
                gradients -> gradients.give(0, engine.rotary(gradients.ofResult(), c.array(), s.array(), true)));
    }

    static ArrayTensor crossEntropy(GraftTensors tensors, ArrayTensor logits, ArrayTensor labels) {
        Engine engine = tensors.ready();
        Losses.CrossEntropy forward = engine.crossEntropy(logits.array(), labels.array());
        Held x = logits.held();
        Held y = labels.held();
        return loss(
                tensors,
                forward,
                logits,
                List.of(x, y),
                gradients -> gradients.give(
                        0, engine.crossEntropyBackward(gradients.ofResult(), x.array(), y.array(), forward)));
    }

    static ArrayTensor linearCrossEntropy(
            GraftTensors tensors, ArrayTensor x, FrozenMatrix weight, ArrayTensor bias, ArrayTensor labels) {
        if (bias != null && bias.requiresGradient()) {
            throw new IllegalArgumentException("the bias of a frozen projection requires a gradient; compute the logits"
                    + " with frozenLinear and their cross-entropy instead");
        }
        Engine engine = tensors.ready();
        Losses.CrossEntropy forward = engine.linearCrossEntropy(
                x.array(), weight, bias == null ? null : bias.array(), labels.array(), tensors.records(List.of(x)));
        return loss(
                tensors,
                forward,
                x,
                List.of(),
                gradients -> gradients.give(0, engine.linearCrossEntropyBackward(gradients.ofResult(), forward)));
    }

    private static ArrayTensor loss(
            GraftTensors tensors, Losses.CrossEntropy forward, ArrayTensor x, List<Held> operands, Backward backward) {
        List<Held> saved = new ArrayList<>(operands);
        Held own = forward.saved() == null ? null : Held.owned(forward.saved());
        try {
            if (own != null) {
                saved.add(own);
            }
            Held losses = Held.owned(forward.losses());
            saved.add(losses);
            return tensors.result(losses, List.of(x), saved, backward);
        } finally {
            if (own != null) {
                own.release();
            }
        }
    }
}
