package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Normalization;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Normalization} on libtorch. libtorch keeps half-precision statistics in single precision only when weight and
 * bias are in single precision, so parameters are brought into that form.
 */
interface TorchNormalization extends Normalization {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Normalized layerNorm(Array x, Array weight, Array bias, double epsilon) {
        checkWidth("layer norm", x, weight);
        checkWidth("layer norm", x, bias);
        return ledger().run("layer norm", () -> {
            long[] width = {x.shape().size(-1)};
            Tensor gamma = DTypes.isHalf(x.dtype()) && weight == null
                    ? torch.ones(width, DTypes.options(DType.FLOAT32))
                    : parameter(weight, x.dtype());
            T_TensorTensorTensor_T parts = torch.native_layer_norm(
                    TorchArray.tensor(x), width, optional(gamma), optional(parameter(bias, x.dtype())), epsilon);
            return new Normalized(
                    ledger().keep(new Tensor(parts.get0())),
                    ledger().keep(new Tensor(parts.get1())),
                    ledger().keep(new Tensor(parts.get2())));
        });
    }

    @Override
    default Gradients layerNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        return ledger().run("layer norm backward", () -> {
            Rows rows = Rows.of(gradient, x, weight, forward.inverseDeviation());
            Tensor mean = TorchArray.tensor(forward.mean()).reshape(-1, 1);
            List<Tensor> parts = rows.backward(mean, needInput, needParameters, needParameters);
            return new Gradients(
                    needInput ? ledger().keep(parts.get(0).reshape(x.shape().toArray())) : null,
                    needParameters ? ledger().keep(rows.like(parts.get(1), weight)) : null,
                    needParameters ? ledger().keep(rows.like(parts.get(2), weight)) : null);
        });
    }

    @Override
    default Normalized rmsNorm(Array x, Array weight, double epsilon) {
        checkWidth("RMS norm", x, weight);
        return ledger().run("RMS norm", () -> {
            DType dtype = DTypes.atLeastSingle(x.dtype());
            Tensor wide = TorchArray.tensor(x, dtype);
            Tensor inverse = torch.square(wide)
                    .mean(new long[] {-1}, true, DTypes.optional(dtype))
                    .add_(new Scalar(epsilon))
                    .rsqrt_();
            Tensor output = torch.mul(wide, inverse);
            if (weight != null) {
                output.mul_(parameter(weight, x.dtype()));
            }
            Tensor narrow = x.dtype() == dtype ? output : output.to(DTypes.torch(x.dtype()));
            return new Normalized(ledger().keep(narrow), null, ledger().keep(inverse));
        });
    }

    /**
     * With {@code u = gradient * weight} and {@code r} the inverse deviation, layer normalisation's gradient at mean 0
     * is {@code r (u - x r^2 mean(u x) - mean(u))}; RMS normalisation's lacks the last term, which is added back.
     */
    @Override
    default Gradients rmsNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        return ledger().run("RMS norm backward", () -> {
            Rows rows = Rows.of(gradient, x, weight, forward.inverseDeviation());
            Tensor mean = torch.zeros_like(rows.inverse());
            List<Tensor> parts = rows.backward(mean, needInput, needParameters, false);
            Tensor input = needInput ? parts.get(0) : null;
            if (needInput) {
                input.add_(rows.meanOfScaledGradient().mul_(rows.inverse()).to(input.scalar_type()));
            }
            return new Gradients(
                    needInput ? ledger().keep(input.reshape(x.shape().toArray())) : null,
                    needParameters ? ledger().keep(rows.like(parts.get(1), weight)) : null,
                    null);
        });
    }

    private static void checkWidth(String operation, Array x, Array parameter) {
        Checks.floating(operation, x);
        if (parameter != null) {
            Checks.rank(operation, parameter, 1);
            Checks.agree(
                    operation,
                    "the extent of a parameter",
                    parameter.shape().size(0),
                    x.shape().size(-1));
        }
    }

    private static TensorOptional optional(Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
    }

    /** A parameter in the type of the statistics, or null. */
    private static Tensor parameter(Array parameter, DType x) {
        return parameter == null ? null : TorchArray.tensor(parameter, DTypes.atLeastSingle(x));
    }

    /** The arguments of a backward pass as matrices {@code [n, width]} and columns {@code [n, 1]}. */
    record Rows(Tensor gradient, Tensor x, Tensor weight, Tensor inverse) {
        static Rows of(Array gradient, Array x, Array weight, Array inverse) {
            long width = x.shape().size(-1);
            DType wide = DTypes.atLeastSingle(x.dtype());
            Tensor gamma = weight == null
                    ? torch.ones(new long[] {width}, DTypes.options(wide))
                    : parameter(weight, x.dtype());
            return new Rows(
                    TorchArray.tensor(gradient).reshape(-1, width).contiguous(),
                    TorchArray.tensor(x).reshape(-1, width).contiguous(),
                    gamma,
                    TorchArray.tensor(inverse).reshape(-1, 1));
        }

        List<Tensor> backward(Tensor mean, boolean needInput, boolean needWeight, boolean needBias) {
            Tensor bias = needBias ? torch.zeros_like(weight) : null;
            return Aten.layerNormBackward(gradient, x, mean, inverse, weight, bias, needInput, needWeight, needBias);
        }

        Tensor meanOfScaledGradient() {
            Tensor gamma = torch.div(weight, new Scalar((double) x.size(1))).to(gradient.scalar_type());
            return torch.mv(gradient, gamma).reshape(-1, 1).to(inverse.scalar_type());
        }

        Tensor like(Tensor result, Array parameter) {
            return parameter == null
                    ? result
                    : result.to(TorchArray.tensor(parameter).scalar_type());
        }
    }
}
