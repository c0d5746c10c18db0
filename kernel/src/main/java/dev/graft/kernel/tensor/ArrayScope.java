package dev.graft.kernel.tensor;

import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A scope: holds its tensors. Leaves and constants belong to no scope. */
final class ArrayScope implements Scope {
    private final ThreadFrame frame;
    private final ArrayScope enclosing;
    private final List<ArrayTensor> tensors = new ArrayList<>();
    private boolean closed;

    ArrayScope(ThreadFrame frame, ArrayScope enclosing) {
        this.frame = frame;
        this.enclosing = enclosing;
    }

    void add(ArrayTensor tensor) {
        if (closed) {
            throw new IllegalStateException("a tensor was moved to a scope that had closed");
        }
        tensors.add(tensor);
    }

    @Override
    public Tensor keep(Tensor tensor) {
        ArrayTensor kept = (ArrayTensor) tensor;
        if (kept.scope() == this) {
            if (enclosing == null) {
                throw new IllegalStateException("nothing outlives the outermost scope of a thread");
            }
            kept.moveTo(enclosing);
        }
        return tensor;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        frame.close(this);
        closed = true;
        for (ArrayTensor tensor : tensors) {
            if (tensor.scope() == this) {
                tensor.release();
            }
        }
        tensors.clear();
    }
}
