package dev.graft.methods.full;

import dev.graft.spi.method.Progress;

/**
 * Gradual unfreezing (Howard and Ruder 2018, section 3.3): the head learns first, then one block after the other from
 * the top, the embeddings last.
 *
 * @param layers number of blocks
 * @param every epochs after which one more block begins to learn; null = all from the start
 * @param first blocks that learn from the start
 */
record Unfreezing(int layers, Double every, int first) {
    private static final double ROUNDING = 1e-9;

    /** Whether parameters of a block learn at this point; -1 is below the first block. */
    boolean trains(int layer, Progress progress) {
        if (every == null) {
            return true;
        }
        long blocks = first + (long) Math.floor(progress.epoch() / every + ROUNDING);
        return layer >= layers - blocks;
    }
}
