package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Compares gradients with central differences in float64. The result of the function is weighted with random numbers,
 * so that every element of its gradient counts. Every argument is tried as the only one that requires a gradient, and
 * all together; whatever was made must be freed in the end.
 */
final class GradientCheck {
    private static final double STEP = 1e-6;
    private static final double TOLERANCE = 2e-7;

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final SplittableRandom random = new SplittableRandom(20240607);
    private final List<Shape> shapes = new ArrayList<>();
    private final List<double[]> arguments = new ArrayList<>();
    private final List<FrozenMatrix> frozen = new ArrayList<>();

    /** What is differentiated. */
    interface Differentiable extends BiFunction<GraftTensors, Tensor[], Tensor> {}

    /** Adds an argument with elements evenly drawn from an interval. */
    GradientCheck argument(double low, double high, long... sizes) {
        Shape shape = Shape.of(sizes);
        return argument(shape, random.doubles(shape.elements(), low, high).toArray());
    }

    /** Adds an argument. */
    GradientCheck argument(Shape shape, double... values) {
        shapes.add(shape);
        arguments.add(values);
        return this;
    }

    /** A random frozen weight that lives until the check is done. */
    FrozenMatrix frozen(boolean inputMajor, long... sizes) {
        try (Array weight = engine.normal(Shape.of(sizes), DType.FLOAT64, 5)) {
            FrozenMatrix matrix = engine.freeze(weight, inputMajor);
            frozen.add(matrix);
            return matrix;
        }
    }

    /** Checks the gradients of a function of the arguments. */
    void check(Differentiable function) {
        double[] weights = weights(function);
        for (int only = -1; only < arguments.size(); only++) {
            List<double[]> found = gradients(function, weights, only);
            for (int i = 0; i < arguments.size(); i++) {
                if (only < 0 || only == i) {
                    assertThat(found.get(i)).as("gradient of argument %d", i).isNotNull();
                    compare(function, weights, i, found.get(i));
                } else {
                    assertThat(found.get(i)).as("gradient of constant %d", i).isNull();
                }
            }
        }
        frozen.forEach(FrozenMatrix::close);
        assertThat(engine.liveArrays()).as("live arrays").isZero();
    }

    private double[] weights(Differentiable function) {
        Array[] arrays = arrays();
        try (Scope scope = tensors.scope()) {
            Tensor[] constants = new Tensor[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                constants[i] = tensors.constant(arrays[i]);
            }
            long size = function.apply(tensors, constants).shape().elements();
            return random.doubles(size, -1, 1).toArray();
        } finally {
            close(arrays);
        }
    }

    private List<double[]> gradients(Differentiable function, double[] weights, int only) {
        Array[] arrays = arrays();
        List<double[]> found = new ArrayList<>();
        try (Scope scope = tensors.scope()) {
            Tensor[] leaves = new Tensor[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                leaves[i] = only < 0 || only == i ? tensors.leaf(arrays[i]) : tensors.constant(arrays[i]);
            }
            try (Gradients gradients = tensors.backward(weighted(function, leaves, weights), List.of(leaves))) {
                for (int i = 0; i < leaves.length; i++) {
                    Array gradient = gradients.get(leaves[i]);
                    found.add(gradient == null ? null : doubles(gradient));
                    if (gradient != null) {
                        assertThat(gradient.shape()).isEqualTo(shapes.get(i));
                    }
                }
            }
        } finally {
            close(arrays);
        }
        return found;
    }

    private void compare(Differentiable function, double[] weights, int argument, double[] found) {
        double[] values = arguments.get(argument);
        for (int k = 0; k < values.length; k++) {
            double original = values[k];
            values[k] = original + STEP;
            double above = value(function, weights);
            values[k] = original - STEP;
            double below = value(function, weights);
            values[k] = original;
            double expected = (above - below) / (2 * STEP);
            assertThat(found[k])
                    .as("argument %d, element %d", argument, k)
                    .isCloseTo(expected, within(TOLERANCE * (1 + Math.abs(expected))));
        }
    }

    private double value(Differentiable function, double[] weights) {
        Array[] arrays = arrays();
        try (Scope scope = tensors.scope()) {
            Tensor[] constants = new Tensor[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                constants[i] = tensors.constant(arrays[i]);
            }
            return weighted(function, constants, weights).item();
        } finally {
            close(arrays);
        }
    }

    private Tensor weighted(Differentiable function, Tensor[] arguments, double[] weights) {
        Tensor result = function.apply(tensors, arguments);
        return result.mul(tensors.of(weights, result.shape())).sum();
    }

    private Array[] arrays() {
        Array[] arrays = new Array[arguments.size()];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = engine.of(arguments.get(i), shapes.get(i));
        }
        return arrays;
    }

    private static void close(Array[] arrays) {
        for (Array array : arrays) {
            array.close();
        }
    }

    private double[] doubles(Array array) {
        assertThat(array.dtype()).isEqualTo(DType.FLOAT64);
        double[] values = new double[Math.toIntExact(array.shape().elements())];
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, bytes);
        bytes.asDoubleBuffer().get(values);
        return values;
    }
}
