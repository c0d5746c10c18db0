package dev.graft.methods.adapterfusion;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Variable;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/**
 * What scores are divided by before the softmax: 50 at first, a thousandth of that less after every step, never below 1.
 *
 * @param tensors makes tensors
 * @param value its value now, {@code [1]}
 */
record Temperature(Tensors tensors, Variable value) {
    static final String ENDING = ".temperature";
    private static final double FIRST = 50;
    private static final double FALL = FIRST / 1000;

    static Temperature of(AttachContext context, String fusion) {
        return new Temperature(
                context.tensors(),
                context.variable(fusion + ENDING, Shape.of(1), DType.FLOAT32, Initializer.constant(FIRST)));
    }

    Tensor cool(Tensor scores) {
        return scores.div(value.tensor().cast(scores.dtype()));
    }

    void fall() {
        try (Scope scope = tensors.scope()) {
            double next = Math.max(1, value.tensor().item() - FALL);
            value.set(tensors.full(Shape.of(1), DType.FLOAT32, next));
        }
    }
}
