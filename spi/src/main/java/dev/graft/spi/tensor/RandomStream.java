package dev.graft.spi.tensor;

/**
 * A stream of seeds whose whole state is two numbers, so that a resumed run draws what an uninterrupted one would have
 * drawn. Numbers come from SplitMix64 (Steele, Lea and Flood 2014) applied to the seed and a counter. Not safe for use
 * by several threads.
 */
public final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private final long seed;
    private long position;

    private RandomStream(long seed, long position) {
        this.seed = seed;
        this.position = position;
    }

    /** A stream at its beginning. */
    public static RandomStream seeded(long seed) {
        return new RandomStream(seed, 0);
    }

    /** A stream at a position reached earlier. */
    public static RandomStream at(long seed, long position) {
        return new RandomStream(seed, position);
    }

    /** The seed this stream began with. */
    public long seed() {
        return seed;
    }

    /** How many numbers were drawn. */
    public long position() {
        return position;
    }

    /** Goes to a position, so that what was drawn there can be drawn again. */
    public void moveTo(long target) {
        position = target;
    }

    /** The next 64 bits. */
    public long next() {
        return mix(mix(seed) + ++position * GOLDEN_GAMMA);
    }

    /** The next number in {@code [0, 1)}. */
    public double nextDouble() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** The next integer in {@code [0, bound)}. */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is not positive");
        }
        return (int) Math.floorMod(next() >>> 1, (long) bound);
    }

    /** A stream of its own for a named purpose, independent of how much was drawn from this one. */
    public RandomStream fork(String purpose) {
        long hash = seed;
        for (int i = 0; i < purpose.length(); i++) {
            hash = mix(hash * 31 + purpose.charAt(i));
        }
        return seeded(hash);
    }

    private static long mix(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
