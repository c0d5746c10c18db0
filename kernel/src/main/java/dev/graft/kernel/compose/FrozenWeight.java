package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;

/** A parameter of the base as the kernel keeps it. */
final class FrozenWeight implements Weight {
    private final GraftTensors tensors;
    private final String name;
    private final boolean fresh;
    private final Array array;
    private final Tensor tensor;
    private FrozenMatrix matrix;
    private boolean matrixInputMajor;

    /** Takes the array over. */
    FrozenWeight(GraftTensors tensors, String name, Array array, boolean fresh) {
        this.tensors = tensors;
        this.name = name;
        this.array = array;
        this.fresh = fresh;
        this.tensor = tensors.constant(array);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Shape shape() {
        return array.shape();
    }

    @Override
    public DType dtype() {
        return array.dtype();
    }

    @Override
    public boolean fresh() {
        return fresh;
    }

    @Override
    public Tensor tensor() {
        return tensor;
    }

    /** The weight in the form the engine multiplies with; made on first use. */
    synchronized FrozenMatrix matrix(boolean inputMajor) {
        if (matrix == null) {
            matrix = tensors.engine().freeze(array, inputMajor);
            matrixInputMajor = inputMajor;
        } else if (matrixInputMajor != inputMajor) {
            throw new IllegalStateException("weight " + name + " is used in two orientations");
        }
        return matrix;
    }

    synchronized void close() {
        if (matrix != null) {
            matrix.close();
        }
        array.close();
    }
}
