package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** Numbers in double precision with a shape: what an engine's results are compared with. */
record Grid(Shape shape, double[] values) {
    static Grid of(Shape shape, double... values) {
        assertThat(values).hasSize((int) shape.elements());
        return new Grid(shape, values);
    }

    /** Normal numbers, rounded so that every floating-point dtype holds them exactly. */
    static Grid random(long seed, long... sizes) {
        Random random = new Random(seed);
        Shape shape = Shape.of(sizes);
        double[] values = new double[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.rint(random.nextGaussian() * 32) / 32;
        }
        return new Grid(shape, values);
    }

    static Grid computed(Shape shape, ToDoubleFunction<long[]> function) {
        double[] values = new double[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(position(shape, i));
        }
        return new Grid(shape, values);
    }

    static Grid from(Engine engine, Array array) {
        try (Array wide = engine.cast(array, DType.FLOAT64)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) wide.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            engine.read(wide, 0, bytes);
            double[] values = new double[(int) array.shape().elements()];
            bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
            return new Grid(array.shape(), values);
        }
    }

    /** As {@link #from}, closing the array. */
    static Grid take(Engine engine, Array array) {
        try (array) {
            return from(engine, array);
        }
    }

    Array to(Engine engine, DType dtype) {
        try (Array wide = engine.of(values, shape)) {
            return engine.cast(wide, dtype);
        }
    }

    Array to(Engine engine) {
        return to(engine, DType.FLOAT64);
    }

    double at(long... position) {
        return values[index(shape, position)];
    }

    /** The element that broadcasting puts at a position of a larger shape. */
    double stretched(long[] position) {
        long[] own = new long[shape.rank()];
        for (int i = 0; i < own.length; i++) {
            long wanted = position[position.length - own.length + i];
            own[i] = shape.size(i) == 1 ? 0 : wanted;
        }
        return at(own);
    }

    Grid map(DoubleUnaryOperator function) {
        return new Grid(shape, Arrays.stream(values).map(function).toArray());
    }

    Grid combine(Grid other, DoubleBinaryOperator function) {
        return computed(
                shape.broadcast(other.shape),
                position -> function.applyAsDouble(stretched(position), other.stretched(position)));
    }

    Grid reshaped(long... sizes) {
        return of(Shape.of(sizes), values);
    }

    double dot(Grid other) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * other.values[i];
        }
        return sum;
    }

    Grid with(int index, double value) {
        double[] changed = values.clone();
        changed[index] = value;
        return new Grid(shape, changed);
    }

    /** The gradient of a scalar function by central differences. */
    Grid differences(ToDoubleFunction<Grid> function) {
        double step = 1e-5;
        double[] gradient = new double[values.length];
        for (int i = 0; i < gradient.length; i++) {
            double up = function.applyAsDouble(with(i, values[i] + step));
            double down = function.applyAsDouble(with(i, values[i] - step));
            gradient[i] = (up - down) / (2 * step);
        }
        return new Grid(shape, gradient);
    }

    /** Fails unless every element differs by no more than the tolerance, absolute or relative to 1. */
    void assertClose(Grid expected, double tolerance) {
        assertThat(shape).isEqualTo(expected.shape);
        for (int i = 0; i < values.length; i++) {
            double allowed = tolerance * Math.max(1, Math.abs(expected.values[i]));
            assertThat(values[i])
                    .as("element %s of %s", Arrays.toString(position(shape, i)), shape)
                    .isCloseTo(expected.values[i], org.assertj.core.data.Offset.offset(allowed));
        }
    }

    static double tolerance(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> 1e-11;
            case FLOAT32 -> 2e-5;
            case FLOAT16 -> 4e-3;
            default -> 2e-2;
        };
    }

    static long[] position(Shape shape, int index) {
        long[] position = new long[shape.rank()];
        long rest = index;
        for (int axis = position.length - 1; axis >= 0; axis--) {
            position[axis] = rest % shape.size(axis);
            rest /= shape.size(axis);
        }
        return position;
    }

    private static int index(Shape shape, long[] position) {
        long index = 0;
        for (int axis = 0; axis < position.length; axis++) {
            index = index * shape.size(axis) + position[axis];
        }
        return (int) index;
    }
}
