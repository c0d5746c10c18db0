package dev.graft.kernel.data;

import dev.graft.spi.tensor.RandomStream;

/** Orders drawn at random that depend on nothing but what they are drawn for. */
public final class Order {
    private Order() {}

    /** A permutation of {@code 0 .. size - 1} (Fisher and Yates, as Durstenfeld 1964 gives it). */
    public static int[] of(int size, long seed, String purpose, long epoch) {
        RandomStream random = RandomStream.seeded(seed).fork(purpose + " " + epoch);
        int[] order = identity(size);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** The permutation that changes nothing. */
    static int[] identity(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }
}
