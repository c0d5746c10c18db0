package dev.graft.kernel.compose;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a batch that have something to predict, so that no logits are computed for the others.
 *
 * @param sources index of the predicting slot of each, in the flattened hidden states {@code [batch * length']}
 * @param labels what each predicts
 * @param places for every label of the batch, flattened, its index among {@code sources}, or their number when ignored
 */
record LabelledRows(long[] sources, long[] labels, long[] places) {
    /**
     * Finds them.
     *
     * @param labels {@code [batch, length]}
     * @param layout the slots; those in front of the labels that are no row's own predict nothing
     * @param shift whether each slot predicts the label of the next, and the last slot of a trunk that of each branch's first
     * @param classes number of classes
     */
    static LabelledRows of(Tensor labels, TokenLayout layout, boolean shift, int classes) {
        int virtual = layout.virtual();
        int batch = Math.toIntExact(labels.size(0));
        int length = Math.toIntExact(labels.size(1));
        long[] all = labels.longs();
        long[] sources = new long[all.length];
        long[] kept = new long[all.length];
        long[] places = new long[all.length];
        Arrays.fill(places, -1);
        int count = 0;
        for (int row = 0; row < batch; row++) {
            for (int token = 0; token < length; token++) {
                int flat = row * length + token;
                int slot = shift ? layout.predictor(row, virtual + token) : virtual + token;
                if (all[flat] == Losses.IGNORED || slot < 0 || (slot < virtual && !layout.valid()[row][slot])) {
                    continue;
                }
                if (all[flat] < 0 || all[flat] >= classes) {
                    throw new ConfigurationException("label " + all[flat] + " at row " + row + ", token " + token
                            + " is neither " + Losses.IGNORED + " nor in [0, " + classes + ")");
                }
                sources[count] = (long) row * (virtual + length) + slot;
                kept[count] = all[flat];
                places[flat] = count++;
            }
        }
        for (int flat = 0; flat < places.length; flat++) {
            places[flat] = places[flat] < 0 ? count : places[flat];
        }
        return new LabelledRows(Arrays.copyOf(sources, count), Arrays.copyOf(kept, count), places);
    }

    boolean isEmpty() {
        return sources.length == 0;
    }

    Tensor labels(Tensors tensors) {
        return tensors.of(labels, Shape.of(labels.length));
    }

    /** The predicting rows of {@code [batch, length', width]}, as {@code [n, width]}. */
    Tensor pick(Tensors tensors, Tensor x) {
        return x.reshape(-1, x.size(-1)).select(0, tensors.of(sources, Shape.of(sources.length)));
    }

    /** Losses {@code [n]} put back at their labels' places, 0 elsewhere. */
    Tensor putBack(Tensors tensors, Tensor losses, Shape shape) {
        Tensor padded = tensors.concat(List.of(losses, tensors.zeros(Shape.of(1), losses.dtype())), 0);
        return padded.select(0, tensors.of(places, Shape.of(places.length))).reshape(shape.toArray());
    }

    /** No losses at all. */
    static Tensor none(Tensors tensors, Shape shape) {
        return tensors.zeros(shape, DType.FLOAT32);
    }
}
