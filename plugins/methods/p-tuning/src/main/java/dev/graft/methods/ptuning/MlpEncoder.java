package dev.graft.methods.ptuning;

import dev.graft.methods.ptuning.EncoderParameters.Layer;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Three linear layers with ReLU between them, applied to the input vector of each virtual token. */
record MlpEncoder(Parameter input, Layer first, Layer second, Layer third) implements PromptEncoder {
    /**
     * Declares its parameters.
     *
     * @param width of the model
     * @param hidden of the network
     */
    static MlpEncoder declare(EncoderParameters parameters, int virtualTokens, int width, int hidden) {
        return new MlpEncoder(
                parameters.input(virtualTokens, width),
                parameters.linear("mlp_head.0", width, hidden),
                parameters.linear("mlp_head.2", hidden, hidden),
                parameters.linear("mlp_head.4", hidden, width));
    }

    /** Number of its elements. */
    static long elements(long virtualTokens, long width, long hidden) {
        return virtualTokens * width + (width + 1) * hidden + (hidden + 1) * hidden + (hidden + 1) * width;
    }

    @Override
    public Tensor vectors(UnaryOperator<Tensor> dropout) {
        return third.apply(second.apply(first.apply(input.tensor()).relu()).relu());
    }
}
