package dev.graft.spi.method;

import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/** The pass that a patch is applied in. */
public interface PatchContext {
    /** Makes tensors. */
    Tensors tensors();

    /** Whether this pass trains. */
    boolean training();

    /** Random numbers of this pass. */
    RandomStream random();

    /** Dropout; the identity unless training or when the probability is 0. */
    default Tensor dropout(Tensor x, double probability) {
        return training() && probability > 0 ? x.dropout(probability, random()) : x;
    }
}
