package dev.graft.methods.adapter;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The function between the two matrices of an adapter.
 *
 * @param name its name, as AdapterHub and transformers spell it
 * @param function the function applied to every element
 */
record NonLinearity(String name, UnaryOperator<Tensor> function) {
    private static final double LEAK = 0.01;

    /** The slope of the sigmoid that stands in for the normal distribution (Hendrycks and Gimpel 2016, section 2). */
    private static final double QUICK = 1.702;

    private static final Map<String, UnaryOperator<Tensor>> BY_NAME = new TreeMap<>(Map.ofEntries(
            Map.entry("relu", Tensor::relu),
            Map.entry("relu2", x -> x.relu().square()),
            Map.entry("relu6", x -> x.clamp(0, 6)),
            Map.entry("leakyrelu", NonLinearity::leaky),
            Map.entry("leaky_relu", NonLinearity::leaky),
            Map.entry("gelu", Tensor::gelu),
            Map.entry("gelu_python", Tensor::gelu),
            Map.entry("gelu_10", x -> x.gelu().clamp(-10, 10)),
            Map.entry("gelu_new", x -> x.apply(Unary.GELU_TANH)),
            Map.entry("gelu_fast", x -> x.apply(Unary.GELU_TANH)),
            Map.entry("gelu_accurate", x -> x.apply(Unary.GELU_TANH)),
            Map.entry("gelu_pytorch_tanh", x -> x.apply(Unary.GELU_TANH)),
            Map.entry("gelu_python_tanh", x -> x.apply(Unary.GELU_TANH)),
            Map.entry("quick_gelu", x -> x.mul(x.mul(QUICK).sigmoid())),
            Map.entry("silu", x -> x.apply(Unary.SILU)),
            Map.entry("swish", x -> x.apply(Unary.SILU)),
            Map.entry("mish", x -> x.mul(x.apply(Unary.SOFTPLUS).tanh())),
            Map.entry("tanh", Tensor::tanh),
            Map.entry("sigmoid", Tensor::sigmoid),
            Map.entry("linear", x -> x)));

    /**
     * The function of a name, in upper or lower case.
     *
     * @throws ConfigurationException if there is none
     */
    static NonLinearity of(String name) {
        UnaryOperator<Tensor> function = BY_NAME.get(name.toLowerCase(Locale.ROOT));
        if (function == null) {
            throw new ConfigurationException(
                    "non_linearity is '" + name + "'; allowed are " + String.join(", ", BY_NAME.keySet()));
        }
        return new NonLinearity(name, function);
    }

    private static Tensor leaky(Tensor x) {
        return x.relu().sub(x.neg().relu().mul(LEAK));
    }
}
