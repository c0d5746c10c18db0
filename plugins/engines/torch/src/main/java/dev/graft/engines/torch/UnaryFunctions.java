package dev.graft.engines.torch;

import dev.graft.spi.engine.Unary;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Every {@link Unary} function and its derivative in libtorch's terms. */
final class UnaryFunctions {
    /** Beyond this argument softplus equals its argument in double precision. */
    private static final double SOFTPLUS_LINEAR = 40;

    private UnaryFunctions() {}

    /** {@code f(x)}. */
    static Tensor apply(Unary function, Tensor x) {
        return switch (function) {
            case NEG -> torch.neg(x);
            case EXP -> torch.exp(x);
            case LOG -> torch.log(x);
            case SQRT -> torch.sqrt(x);
            case RSQRT -> torch.rsqrt(x);
            case SQUARE -> torch.square(x);
            case RECIPROCAL -> torch.reciprocal(x);
            case ABS -> torch.abs(x);
            case SIGN -> torch.sign(x);
            case SIN -> torch.sin(x);
            case COS -> torch.cos(x);
            case TANH -> torch.tanh(x);
            case SIGMOID -> torch.sigmoid(x);
            case SOFTPLUS -> torch.softplus(x, new Scalar(1.0), new Scalar(SOFTPLUS_LINEAR));
            case RELU -> torch.relu(x);
            case SILU -> torch.silu(x);
            case GELU -> torch.gelu(x, "none");
            case GELU_TANH -> torch.gelu(x, "tanh");
        };
    }

    /** {@code gradient * f'(x)}, given {@code y = f(x)}. */
    static Tensor backward(Unary function, Tensor gradient, Tensor x, Tensor y) {
        return switch (function) {
            case NEG -> torch.neg(gradient);
            case EXP -> torch.mul(gradient, y);
            case LOG -> torch.div(gradient, x);
            case SQRT -> torch.div(gradient, y).mul_(new Scalar(0.5));
            case RSQRT -> torch.mul(gradient, torch.pow(y, new Scalar(3.0))).mul_(new Scalar(-0.5));
            case SQUARE -> torch.mul(gradient, x).mul_(new Scalar(2.0));
            case RECIPROCAL -> torch.mul(gradient, torch.square(y)).neg_();
            case ABS -> torch.mul(gradient, torch.sign(x));
            case SIGN -> torch.zeros_like(gradient);
            case SIN -> torch.mul(gradient, torch.cos(x));
            case COS -> torch.mul(gradient, torch.sin(x)).neg_();
            case TANH -> torch.tanh_backward(gradient, y);
            case SIGMOID -> torch.sigmoid_backward(gradient, y);
            case SOFTPLUS -> torch.softplus_backward(gradient, x, new Scalar(1.0), new Scalar(SOFTPLUS_LINEAR));
            case RELU -> torch.threshold_backward(gradient, x, new Scalar(0.0));
            case SILU -> torch.silu_backward(gradient, x);
            case GELU -> torch.gelu_backward(gradient, x, "none");
            case GELU_TANH -> torch.gelu_backward(gradient, x, "tanh");
        };
    }
}
