package dev.graft.engines.torch.measuring;

import java.nio.ByteBuffer;

/** The memory that several arrays may share; it is given back with the last of them. */
final class Storage {
    private final Account account;
    private final long bytes;
    private int handles;
    private ByteBuffer written;

    /** Memory of that many bytes. */
    Storage(Account account, long bytes) {
        this.account = account;
        this.bytes = bytes;
        account.hold(bytes);
    }

    void retain() {
        handles++;
    }

    void release() {
        if (--handles == 0) {
            account.release(bytes);
            written = null;
        }
    }

    /** What was written to it, or null. */
    ByteBuffer written() {
        return written;
    }

    /** Remembers what is written to it. */
    ByteBuffer writable() {
        if (written == null) {
            written = ByteBuffer.allocate(Math.toIntExact(bytes));
        }
        return written;
    }
}
