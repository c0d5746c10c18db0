package dev.graft.kernel.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** The open scopes of one thread, and whether it records. */
final class ThreadFrame {
    private final Deque<ArrayScope> scopes = new ArrayDeque<>();
    private int recordingOff;

    ArrayScope innermost() {
        ArrayScope scope = scopes.peek();
        if (scope == null) {
            throw new IllegalStateException("no scope is open on this thread: open one with tensors.scope()");
        }
        return scope;
    }

    ArrayScope open() {
        ArrayScope scope = new ArrayScope(this, scopes.peek());
        scopes.push(scope);
        return scope;
    }

    void close(ArrayScope scope) {
        if (scopes.peek() != scope) {
            throw new IllegalStateException("scopes must be closed in the reverse order of opening, by their thread");
        }
        scopes.pop();
    }

    boolean records() {
        return recordingOff == 0;
    }

    <T> T withoutRecording(Supplier<T> computation) {
        recordingOff++;
        try {
            return computation.get();
        } finally {
            recordingOff--;
        }
    }

    <T> T recording(Supplier<T> computation) {
        int before = recordingOff;
        recordingOff = 0;
        try {
            return computation.get();
        } finally {
            recordingOff = before;
        }
    }
}
