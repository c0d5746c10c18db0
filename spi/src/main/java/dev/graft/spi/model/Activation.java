package dev.graft.spi.model;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.Tensor;

/** The function between the matrices of a feed-forward layer. */
public enum Activation {
    /** {@code x * sigmoid(x)}. */
    SILU(Unary.SILU),
    /** Exact GELU. */
    GELU(Unary.GELU),
    /** The tanh approximation of GELU. */
    GELU_TANH(Unary.GELU_TANH),
    /** {@code max(x, 0)}. */
    RELU(Unary.RELU),
    /** Hyperbolic tangent. */
    TANH(Unary.TANH),
    /** Logistic function. */
    SIGMOID(Unary.SIGMOID);

    private final Unary function;

    Activation(Unary function) {
        this.function = function;
    }

    /**
     * The activation that a checkpoint names, as transformers does.
     *
     * @param key the key that holds the name, for instance {@code hidden_act}
     * @param otherwise the name where the key is absent
     * @throws ConfigurationException if the name is unknown
     */
    public static Activation of(CheckpointConfig config, String key, String otherwise) {
        String name = config.text(key).orElse(otherwise);
        return switch (name) {
            case "silu", "swish" -> SILU;
            case "gelu", "gelu_python" -> GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate" -> GELU_TANH;
            case "relu" -> RELU;
            case "tanh" -> TANH;
            case "sigmoid" -> SIGMOID;
            default ->
                throw new ConfigurationException("config.json: " + key + " is '" + name
                        + "', which is not supported; allowed are silu, swish, gelu, gelu_python, gelu_new,"
                        + " gelu_pytorch_tanh, gelu_python_tanh, gelu_fast, gelu_accurate, relu, tanh and sigmoid");
        };
    }

    /** The function applied to every element. */
    public Tensor apply(Tensor x) {
        return x.apply(function);
    }
}
