package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import java.util.concurrent.atomic.AtomicInteger;

/** An array with the number of those who hold it: scopes and pending backward nodes. The last one to let go frees it. */
final class Held {
    private final Array array;
    private final boolean borrowed;
    private final AtomicInteger holders = new AtomicInteger(1);

    private Held(Array array, boolean borrowed) {
        this.array = array;
        this.borrowed = borrowed;
    }

    /** Takes an array over, with one holder. */
    static Held owned(Array array) {
        return new Held(array, false);
    }

    /** Refers to an array that somebody else frees. */
    static Held borrowed(Array array) {
        return new Held(array, true);
    }

    Array array() {
        return array;
    }

    Held retain() {
        if (!borrowed && holders.getAndIncrement() <= 0) {
            throw new IllegalStateException("a tensor was used after its scope had closed");
        }
        return this;
    }

    void release() {
        if (!borrowed && holders.decrementAndGet() == 0) {
            array.close();
        }
    }
}
