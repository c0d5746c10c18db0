package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Elementwise;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;

/** {@link Elementwise} without elements. A result is laid out as the first operand of its shape. */
interface MeasuredElementwise extends Elementwise {
    /** Where bytes are counted. */
    Account account();

    private Array result(Shape shape, DType dtype, Array... operands) {
        for (Array operand : operands) {
            long[] strides = MeasuredArray.of(operand).strides();
            if (operand.shape().equals(shape) && Strides.dense(shape, strides)) {
                return account().keep(shape, strides, dtype);
            }
        }
        return account().fresh(shape, dtype);
    }

    @Override
    default Array unary(Unary function, Array x) {
        return result(x.shape(), x.dtype(), x);
    }

    @Override
    default Array unaryBackward(Unary function, Array gradient, Array x, Array y) {
        account().scratch(2 * x.bytes());
        return result(gradient.shape(), gradient.dtype(), gradient);
    }

    @Override
    default Array binary(Binary function, Array a, Array b) {
        return result(a.shape().broadcast(b.shape()), function.isPredicate() ? DType.BOOL : a.dtype(), a, b);
    }

    @Override
    default Array binary(Binary function, Array a, double b) {
        return result(a.shape(), function.isPredicate() ? DType.BOOL : a.dtype(), a);
    }

    @Override
    default Array where(Array condition, Array a, Array b) {
        Shape shape = condition.shape().broadcast(a.shape().broadcast(b.shape()));
        return result(shape, a.dtype(), condition, a, b);
    }

    @Override
    default Array cast(Array x, DType dtype) {
        MeasuredArray array = MeasuredArray.of(x);
        return x.dtype() == dtype ? array.view(x.shape(), array.strides()) : result(x.shape(), dtype, x);
    }

    @Override
    default Array copy(Array x) {
        return account().fresh(x.shape(), x.dtype());
    }

    @Override
    default void addInPlace(Array target, Array x, double alpha) {
        MeasuredArray.of(target);
        MeasuredArray.of(x);
    }

    @Override
    default void scaleInPlace(Array target, double factor) {
        MeasuredArray.of(target);
    }

    @Override
    default void copyInPlace(Array target, Array x) {
        MeasuredArray.of(target);
        MeasuredArray.of(x);
    }

    @Override
    default Array gatedSilu(Array gate, Array up) {
        return result(gate.shape(), gate.dtype(), gate, up);
    }

    @Override
    default Array[] gatedSiluBackward(Array gradient, Array gate, Array up) {
        account().scratch(2 * gate.bytes());
        return new Array[] {result(gate.shape(), gate.dtype(), gate), result(up.shape(), up.dtype(), up)};
    }
}
