package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import java.util.concurrent.atomic.AtomicInteger;

/** An array with the number of those who hold it: scopes and pending backward nodes. The last one to let go frees it. */
final class Held {
    /** Who else may know the elements of an array. */
    private enum Elements {
        /** Made for this array alone. */
        OWN,
        /** Once made for another array, which is gone. */
        INHERITED,
        /** Seen by other arrays too. */
        SHARED,
        /** Freed by somebody else. */
        BORROWED
    }

    private final Array array;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile Elements elements;

    private Held(Array array, Elements elements) {
        this.array = array;
        this.elements = elements;
    }

    /** Takes an array over, with one holder; its elements are its own. */
    static Held owned(Array array) {
        return new Held(array, Elements.OWN);
    }

    /** Takes an array over whose elements other arrays share. */
    static Held shared(Array array) {
        return new Held(array, Elements.SHARED);
    }

    /** Refers to an array that somebody else frees. */
    static Held borrowed(Array array) {
        return new Held(array, Elements.BORROWED);
    }

    /** Takes over a view of this array, which is about to lose its last holder. */
    Held heir(Array view) {
        boolean last = isExclusive();
        share();
        return new Held(view, last ? Elements.INHERITED : Elements.SHARED);
    }

    /** Notes that other arrays came to share the elements. */
    void share() {
        if (elements != Elements.BORROWED) {
            elements = Elements.SHARED;
        }
    }

    Array array() {
        return array;
    }

    /** Whether nobody can tell if the elements are overwritten. */
    boolean isExclusive() {
        return holders.get() == 1 && (elements == Elements.OWN || elements == Elements.INHERITED);
    }

    /** Whether the array may be given away as it is: nobody else knows it, and it is no view. */
    boolean isOwn() {
        return holders.get() == 1 && elements == Elements.OWN;
    }

    Held retain() {
        if (elements != Elements.BORROWED && holders.getAndIncrement() <= 0) {
            throw new IllegalStateException("a tensor was used after its scope had closed");
        }
        return this;
    }

    void release() {
        if (elements != Elements.BORROWED && holders.decrementAndGet() == 0) {
            array.close();
        }
    }
}
