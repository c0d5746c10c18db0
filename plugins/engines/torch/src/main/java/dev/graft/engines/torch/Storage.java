package dev.graft.engines.torch;

import java.util.concurrent.atomic.AtomicInteger;

/** The memory that the arrays of a {@link Ledger} may share; counted until the last of them is closed. */
final class Storage {
    private final Ledger ledger;
    private final long bytes;
    private final AtomicInteger handles = new AtomicInteger();

    /** Memory of that many bytes. */
    Storage(Ledger ledger, long bytes) {
        this.ledger = ledger;
        this.bytes = bytes;
        ledger.took(bytes);
    }

    void retain() {
        handles.incrementAndGet();
    }

    void release() {
        if (handles.decrementAndGet() == 0) {
            ledger.gave(bytes);
        }
    }
}
