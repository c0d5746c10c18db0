package dev.graft.kernel.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** The open scopes of one thread, and what it records. */
final class ThreadFrame {
    /** What is kept of operations whose operands require a gradient. */
    enum Recording {
        /** What their backward functions read. */
        FULL,
        /** Only that a gradient is needed. */
        TRACE,
        /** Nothing. */
        OFF
    }

    private final Deque<ArrayScope> scopes = new ArrayDeque<>();
    private Recording recording = Recording.FULL;

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

    Recording recording() {
        return recording;
    }

    <T> T with(Recording kind, Supplier<T> computation) {
        Recording before = recording;
        recording = kind;
        try {
            return computation.get();
        } finally {
            recording = before;
        }
    }
}
