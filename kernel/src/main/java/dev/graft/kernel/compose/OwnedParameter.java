package dev.graft.kernel.compose;

import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Tensor;

/** A parameter whose memory an adapter owns. Frozen, it is a constant over the same memory. */
final class OwnedParameter implements Parameter {
    private final ParameterSpec spec;
    private final Array array;
    private final Tensor leaf;
    private final Tensor constant;
    private volatile boolean frozen;

    OwnedParameter(ParameterSpec spec, Array array, Tensor leaf, Tensor constant) {
        this.spec = spec;
        this.array = array;
        this.leaf = leaf;
        this.constant = constant;
    }

    @Override
    public ParameterSpec spec() {
        return spec;
    }

    @Override
    public Tensor tensor() {
        return frozen ? constant : leaf;
    }

    Array array() {
        return array;
    }

    void freeze(boolean nowFrozen) {
        frozen = nowFrozen;
    }
}
