package dev.graft.kernel.host;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the handles that are out and their bytes. */
final class Ledger {
    private final AtomicLong arrays = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void opened(HostArray array) {
        arrays.incrementAndGet();
        bytes.addAndGet(array.bytes());
    }

    void closed(HostArray array) {
        arrays.decrementAndGet();
        bytes.addAndGet(-array.bytes());
    }

    long arrays() {
        return arrays.get();
    }

    long bytes() {
        return bytes.get();
    }
}
