package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Tensor;

/** A parameter whose memory an adapter owns. Frozen, it is a constant over the same memory. */
final class OwnedParameter implements Parameter {
    private final ParameterSpec spec;
    private final Engine engine;
    private final Array array;
    private final Tensor leaf;
    private final Tensor constant;
    private volatile boolean frozen;

    OwnedParameter(ParameterSpec spec, Engine engine, Array array, Tensor leaf, Tensor constant) {
        this.spec = spec;
        this.engine = engine;
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

    @Override
    public void set(Tensor value) {
        if (!value.shape().equals(array.shape())) {
            throw new IllegalArgumentException("parameter '" + name() + "' has shape " + array.shape()
                    + " and was given a value of shape " + value.shape());
        }
        try (Array cast = engine.cast(((ArrayTensor) value).array(), array.dtype())) {
            engine.copyInPlace(array, cast);
        }
    }

    Array array() {
        return array;
    }

    void freeze(boolean nowFrozen) {
        frozen = nowFrozen;
    }
}
