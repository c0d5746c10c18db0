package dev.graft.starter;

import java.util.Random;
import java.util.random.RandomGenerator;

/** Sources of randomness whose numbers are the same on every Java machine. */
final class Dice {

    private Dice() {}

    /**
     * A generator for one document of one collection. {@link Random} is specified to the last bit; the seed is mixed first (Steele, Lea and
     * Flood 2014, the finaliser of SplitMix64), because neighbouring seeds of {@link Random} begin alike.
     *
     * @param seed the collection's seed
     * @param index the document's number in it
     */
    static RandomGenerator of(long seed, long index) {
        long z = seed * 0x9E3779B97F4A7C15L + index;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new Random(z ^ (z >>> 31));
    }
}
