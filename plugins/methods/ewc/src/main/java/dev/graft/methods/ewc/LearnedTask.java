package dev.graft.methods.ewc;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The task that this run has learned, in host memory until it is saved.
 *
 * @param values what is known of every parameter
 */
record LearnedTask(Map<Watched, Values> values) {
    /**
     * One parameter.
     *
     * @param shape its extents
     * @param fisher the diagonal of its Fisher information, row by row
     * @param anchor its value at the end of the task, row by row
     */
    record Values(Shape shape, float[] fisher, float[] anchor) {
        Tensor fisher(Tensors tensors) {
            return tensors.of(fisher, shape);
        }

        Tensor anchor(Tensors tensors) {
            return tensors.of(anchor, shape);
        }
    }

    /** The task as it stands now, given the mean squared gradients of its examples. */
    static LearnedTask of(List<Watched> watched, Map<Parameter, Tensor> squares) {
        Map<Watched, Values> values = new LinkedHashMap<>();
        for (Watched one : watched) {
            Parameter parameter = one.parameter();
            values.put(
                    one,
                    new Values(
                            parameter.spec().shape(),
                            squares.get(parameter).floats(),
                            parameter.tensor().floats()));
        }
        return new LearnedTask(values);
    }
}
