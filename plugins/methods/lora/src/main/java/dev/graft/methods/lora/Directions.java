package dev.graft.methods.lora;

import dev.graft.spi.engine.DType;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.tensor.Tensor;
import java.util.function.Supplier;

/**
 * The lengths of the rows of {@code W0 + s B A}, held constant in the backward pass (Liu et al. 2024, section 4.3).
 *
 * @param weight W0, {@code [out, in]}
 * @param factors A and B as they are now
 * @param scaling s
 * @param squared squared lengths of the rows of W0, {@code [out]}
 */
record Directions(Supplier<Tensor> weight, Supplier<Factors> factors, double scaling, Tensor squared) {
    static Directions of(AttachContext context, Supplier<Tensor> weight, Supplier<Factors> factors, double scaling) {
        Tensor squared = context.retain(wide(weight.get()).square().sum(1));
        return new Directions(weight, factors, scaling, squared);
    }

    /**
     * {@code ||W0 + s B A||} per row without forming B A: {@code ||w||^2 + 2 s (W0 A^T) . B + s^2 (B A A^T) . B}, row by
     * row; {@code [out]}.
     */
    Tensor norms() {
        Tensor a = factors.get().a();
        Tensor b = factors.get().b();
        Tensor cross = weight.get().matmul(a, false, true).mul(b).sum(1).mul(2 * scaling);
        Tensor own = b.matmul(a.matmul(a, false, true)).mul(b).sum(1).mul(scaling * scaling);
        return squared.add(cross).add(own).sqrt();
    }

    /** At least single precision. */
    static Tensor wide(Tensor weight) {
        return weight.dtype() == DType.FLOAT64 ? weight : weight.cast(DType.FLOAT32);
    }
}
