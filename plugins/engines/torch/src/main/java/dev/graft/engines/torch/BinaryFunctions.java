package dev.graft.engines.torch;

import dev.graft.spi.engine.Binary;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Every {@link Binary} function in libtorch's terms. */
final class BinaryFunctions {
    private BinaryFunctions() {}

    /** {@code f(a, b)}. */
    static Tensor apply(Binary function, Tensor a, Tensor b) {
        return switch (function) {
            case ADD -> torch.add(a, b);
            case SUB -> torch.sub(a, b);
            case MUL -> torch.mul(a, b);
            case DIV -> torch.div(a, b);
            case MAX -> torch.maximum(a, b);
            case MIN -> torch.minimum(a, b);
            case POW -> torch.pow(a, b);
            case EQ -> torch.eq(a, b);
            case NE -> torch.ne(a, b);
            case LT -> torch.lt(a, b);
            case LE -> torch.le(a, b);
            case GT -> torch.gt(a, b);
            case GE -> torch.ge(a, b);
            case AND -> torch.logical_and(a, b);
            case OR -> torch.logical_or(a, b);
        };
    }

    /** {@code f(a, b)} with a number. */
    static Tensor apply(Binary function, Tensor a, Scalar b) {
        return switch (function) {
            case ADD -> torch.add(a, b);
            case SUB -> torch.sub(a, b);
            case MUL -> torch.mul(a, b);
            case DIV -> torch.div(a, b);
            case MAX -> torch.clamp_min(a, b);
            case MIN -> torch.clamp_max(a, b);
            case POW -> torch.pow(a, b);
            case EQ -> torch.eq(a, b);
            case NE -> torch.ne(a, b);
            case LT -> torch.lt(a, b);
            case LE -> torch.le(a, b);
            case GT -> torch.gt(a, b);
            case GE -> torch.ge(a, b);
            case AND, OR -> throw new IllegalArgumentException(function + " does not combine with a number");
        };
    }
}
