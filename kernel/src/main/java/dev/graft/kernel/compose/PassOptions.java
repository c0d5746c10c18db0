package dev.graft.kernel.compose;

import dev.graft.spi.tensor.RandomStream;

/**
 * How a pass is run.
 *
 * @param training whether dropout applies
 * @param checkpointing whether blocks are recomputed in the backward pass instead of being kept
 * @param random numbers for dropout
 * @param cache keys and values of earlier passes, or null
 */
public record PassOptions(boolean training, boolean checkpointing, RandomStream random, KeyValueCache cache) {
    /** A pass without dropout or cache. */
    public static PassOptions inference() {
        return new PassOptions(false, false, RandomStream.seeded(0), null);
    }

    /** A pass that continues from a cache and adds to it. */
    public static PassOptions cached(KeyValueCache cache) {
        return new PassOptions(false, false, RandomStream.seeded(0), cache);
    }

    /** A pass that trains. */
    public static PassOptions training(RandomStream random, boolean checkpointing) {
        return new PassOptions(true, checkpointing, random, null);
    }
}
