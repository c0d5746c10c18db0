package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Matrices;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** {@link Matrices} on libtorch. */
interface TorchMatrices extends Matrices {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Array matmul(Array a, Array b, boolean transposeA, boolean transposeB) {
        checkOperands("matmul", a, b, transposeA, transposeB);
        return ledger().array("matmul", () -> torch.matmul(operand(a, transposeA), operand(b, transposeB)));
    }

    @Override
    default void matmulInPlace(
            Array target, Array a, Array b, boolean transposeA, boolean transposeB, double alpha, double beta) {
        Checks.rank("matmul", target, 2);
        Checks.rank("matmul", a, 2);
        Checks.rank("matmul", b, 2);
        Checks.sameDType("matmul", target, a);
        checkOperands("matmul", a, b, transposeA, transposeB);
        ledger().act(
                        "matmul",
                        () -> TorchArray.tensor(target)
                                .addmm_(
                                        operand(a, transposeA),
                                        operand(b, transposeB),
                                        new Scalar(beta),
                                        new Scalar(alpha)));
    }

    private static void checkOperands(String operation, Array a, Array b, boolean transposeA, boolean transposeB) {
        Checks.sameDType(operation, a, b);
        if (a.shape().rank() < 2 || b.shape().rank() < 2) {
            throw new IllegalArgumentException(operation + ": shapes " + a.shape() + " and " + b.shape()
                    + " were given, but both operands must have two axes at least");
        }
        if (a.shape().size(transposeA ? -2 : -1) != b.shape().size(transposeB ? -1 : -2)) {
            throw new IllegalArgumentException(
                    operation + ": shapes " + a.shape() + (transposeA ? " transposed" : "") + " and " + b.shape()
                            + (transposeB ? " transposed" : "") + " do not multiply, their inner extents differ");
        }
    }

    private static Tensor operand(Array array, boolean transpose) {
        Tensor tensor = TorchArray.tensor(array);
        return transpose ? tensor.transpose(-2, -1) : tensor;
    }

    @Override
    default FrozenMatrix freeze(Array weight, boolean inputMajor) {
        Checks.rank("freeze", weight, 2);
        Checks.floating("freeze", weight);
        return ledger().run("freeze", () -> PackedMatrix.of(ledger(), operand(weight, inputMajor), weight.dtype()));
    }

    @Override
    default Array thaw(FrozenMatrix weight, boolean inputMajor) {
        PackedMatrix matrix = packed(weight);
        return ledger().array("thaw", () -> {
            Tensor oriented = inputMajor ? matrix.dense().t() : matrix.dense();
            return matrix.sharesDense()
                    ? torch.clone(oriented, new MemoryFormatOptional(MemoryFormat.Contiguous))
                    : oriented.contiguous();
        });
    }

    @Override
    default Array linear(Array x, FrozenMatrix weight, Array bias) {
        PackedMatrix matrix = packed(weight);
        Checks.agree("linear", "the last extent of the input", x.shape().size(-1), matrix.inputs());
        return ledger().array("linear", () -> {
            Tensor input = TorchArray.tensor(x);
            Tensor offset = bias == null ? null : TorchArray.tensor(bias, x.dtype());
            if (x.dtype() == matrix.dtype()) {
                return matrix.multiply(input, offset);
            }
            Tensor product = wide(x.dtype(), input, matrix, true);
            return offset == null ? product : product.add_(offset);
        });
    }

    @Override
    default Array linearInputGradient(Array gradient, FrozenMatrix weight) {
        PackedMatrix matrix = packed(weight);
        Checks.agree(
                "linear", "the last extent of the gradient", gradient.shape().size(-1), matrix.outputs());
        return ledger().array("linear", () -> {
            Tensor g = TorchArray.tensor(gradient);
            return gradient.dtype() == matrix.dtype()
                    ? matrix.multiplyTransposed(g)
                    : wide(gradient.dtype(), g, matrix, false);
        });
    }

    /** A product in the operand's dtype with a weight held in another. */
    private static Tensor wide(DType dtype, Tensor operand, PackedMatrix matrix, boolean transpose) {
        Tensor weight = matrix.dense().to(DTypes.torch(dtype));
        return operand.matmul(transpose ? weight.t() : weight);
    }

    /** A frozen matrix as this engine's own. */
    static PackedMatrix packed(FrozenMatrix matrix) {
        if (matrix instanceof PackedMatrix own) {
            return own;
        }
        throw new IllegalArgumentException("a frozen matrix of "
                + (matrix == null ? "null" : matrix.getClass().getName()) + " was given to the torch engine");
    }

    @Override
    default Array[] svd(Array x) {
        Checks.rank("svd", x, 2);
        return ledger().run("svd", () -> {
            T_TensorTensorTensor_T parts = torch.linalg_svd(TorchArray.tensor(x), false, new StringViewOptional());
            return new Array[] {
                ledger().keep(new Tensor(parts.get0())),
                ledger().keep(new Tensor(parts.get1())),
                ledger().keep(new Tensor(parts.get2()))
            };
        });
    }
}
