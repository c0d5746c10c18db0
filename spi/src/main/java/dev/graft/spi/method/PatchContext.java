package dev.graft.spi.method;

import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/**
 * The pass that a patch is applied in.
 *
 * <p>What a patch does MUST depend on this pass alone: two passes that do not train MUST give the same, to the bit
 * (rule 4.10); a pass MUST leave no array behind (rule 8.08), one that failed MUST leave nothing at all (rule 8.10),
 * and one whose blocks are computed again MUST give the same gradients (rule 4.07). Padding MUST change neither
 * gradients (rule 4.08) nor outputs (rule 8.03). The gradient of a batch MUST be the sum of those of its rows (rule
 * 4.09), other rows MUST change nothing (rule 8.09), and token by token out of a cache a row MUST give what it gives
 * in one pass (rule 8.04).
 */
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

    /** What a computation gives in this pass; computed when it is first asked for. */
    default Tensor once(Once once) {
        return once.compute(this);
    }

    /**
     * Which slots of the rows hold tokens, {@code [rows, length]}: 1 for a token, virtual ones included, 0 for padding.
     * A mean over a sequence is one over its tokens, or padding would change it.
     */
    default Tensor tokens() {
        throw new IllegalStateException("no rows are at hand here");
    }

    /**
     * A linear layer of the attachment itself, {@code x W^T + b}, with what later attachments of the same rows do there.
     *
     * @param site one of {@link Attachment#sites}
     * @param x {@code [rows, ..., in]}
     * @return {@code [rows, ..., out]}
     */
    Tensor linear(LinearSite site, Tensor x);
}
