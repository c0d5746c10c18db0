package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Variable;
import dev.graft.spi.tensor.Tensor;

/** A variable whose memory an adapter owns. */
record OwnedVariable(String name, ParameterSpec.Storage storage, Engine engine, Array array, Tensor tensor)
        implements Variable {
    @Override
    public void set(Tensor value) {
        if (!value.shape().equals(array.shape()) || value.dtype() != array.dtype()) {
            throw new IllegalArgumentException("variable '" + name + "' is " + array.dtype() + array.shape()
                    + " and was given " + value.dtype() + value.shape());
        }
        engine.copyInPlace(array, ((ArrayTensor) value).array());
    }
}
