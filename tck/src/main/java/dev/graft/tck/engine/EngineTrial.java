package dev.graft.tck.engine;

import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;

/**
 * An engine with random numbers to try it on.
 *
 * @param engine the engine
 * @param seed what all random numbers come from
 * @param rounds how often each operation is tried, on other shapes each time
 */
public record EngineTrial(Engine engine, long seed, int rounds) {
    /** Something done with numbers drawn for it. */
    interface Round {
        void run(RandomStream random);
    }

    /** Does something once for each round. */
    void each(String purpose, Round round) {
        for (int i = 0; i < rounds; i++) {
            round.run(RandomStream.seeded(seed).fork(purpose + i));
        }
    }

    /** A shape of at most four axes; one in six extents is 0 where empty arrays are wanted, and one in four is 1. */
    static Shape shape(RandomStream random, int least, boolean empty) {
        long[] sizes = new long[least + random.nextInt(5 - least)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(random, empty);
        }
        return Shape.of(sizes);
    }

    static long size(RandomStream random, boolean empty) {
        int kind = random.nextInt(12);
        return kind < 2 && empty ? 0 : kind < 5 ? 1 : 1L + random.nextInt(5);
    }

    /** A class for each row, one in four of them ignored. */
    static Dense labels(int rows, int classes, RandomStream random) {
        return Dense.of(Shape.of(rows), i -> random.nextInt(4) == 0 ? Losses.IGNORED : random.nextInt(classes));
    }

    /** A shape that broadcasts against another one. */
    static Shape against(Shape shape, RandomStream random) {
        int dropped = random.nextInt(shape.rank() + 1);
        long[] sizes = new long[shape.rank() - dropped];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = random.nextInt(3) == 0 ? 1 : shape.size(i + dropped);
        }
        return Shape.of(sizes);
    }

    @Override
    public String toString() {
        return engine.id() + " with seed " + seed;
    }
}
