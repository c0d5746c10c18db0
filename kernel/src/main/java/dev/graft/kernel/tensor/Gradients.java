package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.tensor.Tensor;
import java.util.IdentityHashMap;

/** The gradients of a backward pass by leaf, each with memory of its own. Owns those that were not taken. */
public final class Gradients implements AutoCloseable {
    private final IdentityHashMap<Tensor, Array> byLeaf = new IdentityHashMap<>();

    Gradients() {}

    void put(Tensor leaf, Array gradient) {
        byLeaf.put(leaf, gradient);
    }

    /** The gradient of a leaf, which stays owned here; null if nothing flowed to it. */
    public Array get(Tensor leaf) {
        return byLeaf.get(leaf);
    }

    /** The gradient of a leaf, handed over to the caller; null if nothing flowed to it. */
    public Array take(Tensor leaf) {
        return byLeaf.remove(leaf);
    }

    @Override
    public void close() {
        byLeaf.values().forEach(Array::close);
        byLeaf.clear();
    }
}
