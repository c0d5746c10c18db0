package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Matrices;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;

/** {@link Matrices} without elements. */
interface MeasuredMatrices extends Matrices {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Array matmul(Array a, Array b, boolean transposeA, boolean transposeB) {
        Shape left = leading(a).broadcast(leading(b));
        long[] sizes = Arrays.copyOf(left.toArray(), left.rank() + 2);
        sizes[left.rank()] = a.shape().size(transposeA ? -1 : -2);
        sizes[left.rank() + 1] = b.shape().size(transposeB ? -2 : -1);
        return account().fresh(Shape.of(sizes), a.dtype());
    }

    private static Shape leading(Array array) {
        return Shape.of(Arrays.copyOf(array.shape().toArray(), array.shape().rank() - 2));
    }

    @Override
    default void matmulInPlace(
            Array target, Array a, Array b, boolean transposeA, boolean transposeB, double alpha, double beta) {
        MeasuredArray.of(target);
    }

    @Override
    default FrozenMatrix freeze(Array weight, boolean inputMajor) {
        account().scratch((inputMajor ? 2 : 1) * weight.bytes());
        long first = weight.shape().size(0);
        long second = weight.shape().size(1);
        return new MeasuredMatrix(account(), inputMajor ? first : second, inputMajor ? second : first, weight.dtype());
    }

    @Override
    default Array thaw(FrozenMatrix weight, boolean inputMajor) {
        MeasuredMatrix matrix = (MeasuredMatrix) weight;
        account().scratch((inputMajor ? 2 : 1) * matrix.bytes());
        Shape shape =
                inputMajor ? Shape.of(weight.inputs(), weight.outputs()) : Shape.of(weight.outputs(), weight.inputs());
        return account().fresh(shape, weight.dtype());
    }

    @Override
    default Array linear(Array x, FrozenMatrix weight, Array bias) {
        ((MeasuredMatrix) weight).widen(x.dtype());
        return account().fresh(x.shape().with(-1, weight.outputs()), x.dtype());
    }

    @Override
    default Array linearInputGradient(Array gradient, FrozenMatrix weight) {
        MeasuredMatrix matrix = (MeasuredMatrix) weight;
        if (gradient.dtype() == matrix.dtype()) {
            matrix.transposed();
        } else {
            matrix.widen(gradient.dtype());
        }
        return account().fresh(gradient.shape().with(-1, weight.inputs()), gradient.dtype());
    }

    @Override
    default Array[] svd(Array x) {
        long rows = x.shape().size(0);
        long columns = x.shape().size(1);
        long rank = Math.min(rows, columns);
        account().scratch(3 * x.bytes());
        return new Array[] {
            account().fresh(Shape.of(rows, rank), x.dtype()),
            account().fresh(Shape.of(rank), x.dtype()),
            account().fresh(Shape.of(rank, columns), x.dtype())
        };
    }
}
