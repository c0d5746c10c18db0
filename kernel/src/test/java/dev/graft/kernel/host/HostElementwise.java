package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.util.EnumSet;
import java.util.Set;

/** Element-wise operations. */
interface HostElementwise extends HostMemory {
    /** Functions that are defined on integers. */
    Set<Unary> ON_INTEGERS = EnumSet.of(Unary.NEG, Unary.ABS, Unary.SIGN, Unary.SQUARE, Unary.RELU);

    @Override
    default Array unary(Unary function, Array x) {
        if (!x.dtype().isFloating() && !ON_INTEGERS.contains(function)) {
            throw new IllegalArgumentException(function + " is not defined on " + x.dtype());
        }
        double[] y = values(x);
        for (int i = 0; i < y.length; i++) {
            y[i] = Functions.value(function, y[i]);
        }
        return make(y, x.shape(), x.dtype());
    }

    @Override
    default Array unaryBackward(Unary function, Array gradient, Array x, Array y) {
        double[] g = values(gradient);
        double[] known = values(function.slopeFromResult() ? y : x);
        for (int i = 0; i < g.length; i++) {
            g[i] *= Functions.slope(function, known[i]);
        }
        return make(g, gradient.shape(), gradient.dtype());
    }

    @Override
    default Array binary(Binary function, Array a, Array b) {
        HostMemory.sameDType(a, b);
        Shape shape = a.shape().broadcast(b.shape());
        double[] x = values(a, shape);
        double[] y = values(b, shape);
        for (int i = 0; i < x.length; i++) {
            x[i] = Functions.value(function, x[i], y[i]);
        }
        return make(x, shape, function.isPredicate() ? DType.BOOL : a.dtype());
    }

    @Override
    default Array binary(Binary function, Array a, double b) {
        double rounded = Rounding.round(b, a.dtype());
        double[] x = values(a);
        for (int i = 0; i < x.length; i++) {
            x[i] = Functions.value(function, x[i], rounded);
        }
        return make(x, a.shape(), function.isPredicate() ? DType.BOOL : a.dtype());
    }

    @Override
    default Array where(Array condition, Array a, Array b) {
        HostMemory.sameDType(a, b);
        if (condition.dtype() != DType.BOOL) {
            throw new IllegalArgumentException("a condition holds truth values, not " + condition.dtype());
        }
        Shape shape = condition.shape().broadcast(a.shape()).broadcast(b.shape());
        double[] truth = values(condition, shape);
        double[] x = values(a, shape);
        double[] y = values(b, shape);
        for (int i = 0; i < x.length; i++) {
            x[i] = truth[i] != 0 ? x[i] : y[i];
        }
        return make(x, shape, a.dtype());
    }

    @Override
    default Array cast(Array x, DType dtype) {
        HostArray array = (HostArray) x;
        return x.dtype() == dtype
                ? array.view(array.offset(), array.strides(), array.shape())
                : make(values(x), x.shape(), dtype);
    }

    @Override
    default Array copy(Array x) {
        return make(values(x), x.shape(), x.dtype());
    }

    @Override
    default void addInPlace(Array target, Array x, double alpha) {
        HostMemory.sameDType(target, x);
        update(target, values(x, target.shape()), (old, added) -> old + alpha * added);
    }

    @Override
    default void scaleInPlace(Array target, double factor) {
        update(target, values(target), (old, same) -> old * factor);
    }

    @Override
    default void copyInPlace(Array target, Array x) {
        HostMemory.sameShape(target, x);
        update(target, values(x), (old, replacement) -> replacement);
    }

    @Override
    default Array gatedSilu(Array gate, Array up) {
        HostMemory.sameDType(gate, up);
        HostMemory.sameShape(gate, up);
        double[] g = values(gate);
        double[] u = values(up);
        for (int i = 0; i < g.length; i++) {
            g[i] = Functions.value(Unary.SILU, g[i]) * u[i];
        }
        return make(g, gate.shape(), gate.dtype());
    }

    @Override
    default Array[] gatedSiluBackward(Array gradient, Array gate, Array up) {
        double[] dy = values(gradient);
        double[] g = values(gate);
        double[] u = values(up);
        double[] dGate = new double[g.length];
        double[] dUp = new double[g.length];
        for (int i = 0; i < g.length; i++) {
            dGate[i] = dy[i] * u[i] * Functions.slope(Unary.SILU, g[i]);
            dUp[i] = dy[i] * Functions.value(Unary.SILU, g[i]);
        }
        return new Array[] {make(dGate, gate.shape(), gate.dtype()), make(dUp, up.shape(), up.dtype())};
    }
}
