package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;

/**
 * A parameter of the base as the kernel keeps it: in plain form, in the form the engine multiplies with, or in both where
 * both are asked for. A weight that only ever multiplies is not held twice.
 */
final class FrozenWeight implements Weight {
    private final GraftTensors tensors;
    private final String name;
    private final boolean fresh;
    private final Shape shape;
    private final DType dtype;
    private Array plain;
    private Tensor tensor;
    private FrozenMatrix matrix;
    private boolean matrixInputMajor;

    /** Takes the array over. */
    FrozenWeight(GraftTensors tensors, String name, Array array, boolean fresh) {
        this.tensors = tensors;
        this.name = name;
        this.shape = array.shape();
        this.dtype = array.dtype();
        this.plain = array;
        this.fresh = fresh;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public boolean fresh() {
        return fresh;
    }

    /** The values in plain form, which are kept from now on. */
    @Override
    public synchronized Tensor tensor() {
        if (tensor == null) {
            if (plain == null) {
                plain = tensors.engine().thaw(matrix, matrixInputMajor);
            }
            tensor = tensors.constant(plain);
        }
        return tensor;
    }

    /** The weight in the form the engine multiplies with, made on first use; lets go of a plain form nobody has seen. */
    synchronized FrozenMatrix matrix(boolean inputMajor) {
        if (matrix == null) {
            matrix = tensors.engine().freeze(plain, inputMajor);
            matrixInputMajor = inputMajor;
            if (tensor == null) {
                plain.close();
                plain = null;
            }
        } else if (matrixInputMajor != inputMajor) {
            throw new IllegalStateException("weight " + name + " is used in two orientations");
        }
        return matrix;
    }

    synchronized void close() {
        if (matrix != null) {
            matrix.close();
        }
        if (plain != null) {
            plain.close();
        }
    }
}
