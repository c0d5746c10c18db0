package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;

/** Linear algebra. */
interface HostMatrices extends HostMemory {
    @Override
    default Array matmul(Array a, Array b, boolean transposeA, boolean transposeB) {
        HostMemory.sameDType(a, b);
        try (Array left = transposeA ? swapped(a) : permuted(a);
                Array right = transposeB ? swapped(b) : permuted(b)) {
            Shape batch = leading(left.shape()).broadcast(leading(right.shape()));
            int m = Math.toIntExact(left.shape().size(-2));
            int k = Math.toIntExact(left.shape().size(-1));
            int n = Math.toIntExact(right.shape().size(-1));
            if (right.shape().size(-2) != k) {
                throw new IllegalArgumentException(
                        "matrices " + left.shape() + " and " + right.shape() + " do not multiply");
            }
            double[] x = values(left, extended(batch, m, k));
            double[] y = values(right, extended(batch, k, n));
            double[] product = new double[Math.toIntExact(batch.elements()) * m * n];
            for (int p = 0; p < batch.elements(); p++) {
                multiply(x, p * m * k, y, p * k * n, product, p * m * n, new int[] {m, k, n});
            }
            return make(product, extended(batch, m, n), a.dtype());
        }
    }

    private static void multiply(double[] x, int atX, double[] y, int atY, double[] z, int atZ, int[] mkn) {
        for (int i = 0; i < mkn[0]; i++) {
            for (int l = 0; l < mkn[1]; l++) {
                double factor = x[atX + i * mkn[1] + l];
                for (int j = 0; j < mkn[2]; j++) {
                    z[atZ + i * mkn[2] + j] += factor * y[atY + l * mkn[2] + j];
                }
            }
        }
    }

    private Array permuted(Array x) {
        return expand(x, x.shape());
    }

    private Array swapped(Array x) {
        int rank = x.shape().rank();
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i < rank - 2 ? i : 2 * rank - 3 - i);
        return permute(x, order);
    }

    private static Shape leading(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
    }

    private static Shape extended(Shape batch, long rows, long columns) {
        long[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
        sizes[batch.rank()] = rows;
        sizes[batch.rank() + 1] = columns;
        return Shape.of(sizes);
    }

    @Override
    default void matmulInPlace(
            Array target, Array a, Array b, boolean transposeA, boolean transposeB, double alpha, double beta) {
        try (Array product = matmul(a, b, transposeA, transposeB)) {
            HostMemory.sameShape(target, product);
            update(target, values(product), (old, added) -> (beta == 0 ? 0 : beta * old) + alpha * added);
        }
    }

    @Override
    default FrozenMatrix freeze(Array weight, boolean inputMajor) {
        try (Array outputMajor = inputMajor ? swapped(weight) : permuted(weight)) {
            return new HostFrozen(copy(outputMajor));
        }
    }

    @Override
    default Array thaw(FrozenMatrix weight, boolean inputMajor) {
        Array elements = ((HostFrozen) weight).weight();
        if (!inputMajor) {
            return copy(elements);
        }
        try (Array swapped = swapped(elements)) {
            return copy(swapped);
        }
    }

    @Override
    default Array linear(Array x, FrozenMatrix weight, Array bias) {
        try (Array same = cast(((HostFrozen) weight).weight(), x.dtype());
                Array product = rowsTimes(x, same, true)) {
            if (bias == null) {
                return permuted(product);
            }
            try (Array sameBias = cast(bias, x.dtype())) {
                return binary(Binary.ADD, product, sameBias);
            }
        }
    }

    @Override
    default Array linearInputGradient(Array gradient, FrozenMatrix weight) {
        try (Array same = cast(((HostFrozen) weight).weight(), gradient.dtype())) {
            return rowsTimes(gradient, same, false);
        }
    }

    private Array rowsTimes(Array x, Array matrix, boolean transpose) {
        long width = x.shape().size(-1);
        try (Array rows = reshape(x, Shape.of(x.shape().elements() / width, width));
                Array product = matmul(rows, matrix, false, transpose)) {
            return reshape(product, x.shape().with(-1, product.shape().size(1)));
        }
    }

    @Override
    default Array[] svd(Array x) {
        int m = Math.toIntExact(x.shape().size(0));
        int n = Math.toIntExact(x.shape().size(1));
        if (m < n) {
            try (Array transposed = swapped(x)) {
                Array[] parts = svd(transposed);
                try (Array u = parts[0];
                        Array vt = parts[2]) {
                    return new Array[] {swapped(vt), parts[1], swapped(u)};
                }
            }
        }
        SingularValues.Parts parts = SingularValues.of(values(x), m, n);
        return new Array[] {
            make(parts.u(), Shape.of(m, n), x.dtype()),
            make(parts.s(), Shape.of(n), x.dtype()),
            make(parts.vt(), Shape.of(n, n), x.dtype())
        };
    }

    /** A frozen weight {@code [out, in]}. */
    record HostFrozen(Array weight) implements FrozenMatrix {
        @Override
        public long inputs() {
            return weight.shape().size(1);
        }

        @Override
        public long outputs() {
            return weight.shape().size(0);
        }

        @Override
        public DType dtype() {
            return weight.dtype();
        }

        @Override
        public void close() {
            weight.close();
        }
    }
}
