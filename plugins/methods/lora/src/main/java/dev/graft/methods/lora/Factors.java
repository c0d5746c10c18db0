package dev.graft.methods.lora;

import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;

/**
 * Two thin matrices whose product is added to a weight.
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 */
record Factors(Tensor a, Tensor b) {
    /** The product, {@code [out, in]}. */
    Tensor product() {
        return b.matmul(a);
    }

    /** {@code B A x}. */
    Tensor apply(Tensor x) {
        return x.linear(a, null).linear(b, null);
    }

    /** Factors of twice the rank whose product is the difference of the products. */
    Factors less(Tensors tensors, Factors other) {
        return new Factors(tensors.concat(List.of(a, other.a), 0), tensors.concat(List.of(b, other.b.neg()), 1));
    }
}
