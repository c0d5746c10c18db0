package dev.graft.methods.ptuning;

import dev.graft.methods.ptuning.EncoderParameters.Layer;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A bidirectional LSTM over the input vectors of the virtual tokens, and two linear layers with ReLU between them on
 * its states (Liu et al. 2021, section 3.2, equation 5).
 *
 * @param layers pairs of directions, the lowest layer first
 */
record LstmEncoder(Tensors tensors, Parameter input, List<Both> layers, Layer first, Layer second)
        implements PromptEncoder {
    /** A layer of the LSTM in both directions. */
    record Both(LstmDirection forwards, LstmDirection backwards) {}

    /** Declares its parameters. */
    static LstmEncoder declare(EncoderParameters parameters, int virtualTokens, int width, int hidden, int depth) {
        Parameter input = parameters.input(virtualTokens, width);
        List<Both> layers = new ArrayList<>();
        for (int layer = 0; layer < depth; layer++) {
            int inputs = layer == 0 ? width : 2 * hidden;
            layers.add(new Both(
                    LstmDirection.declare(parameters, layer, inputs, hidden, false),
                    LstmDirection.declare(parameters, layer, inputs, hidden, true)));
        }
        return new LstmEncoder(
                parameters.attachment().context().tensors(),
                input,
                List.copyOf(layers),
                parameters.linear("mlp_head.0", 2 * hidden, 2 * hidden),
                parameters.linear("mlp_head.2", 2 * hidden, width));
    }

    /** Number of its elements. */
    static long elements(long virtualTokens, long width, long hidden, long depth) {
        long lstm = 2 * LstmDirection.elements(width, hidden)
                + 2 * (depth - 1) * LstmDirection.elements(2 * hidden, hidden);
        return virtualTokens * width + lstm + (2 * hidden + 1) * 2 * hidden + (2 * hidden + 1) * width;
    }

    @Override
    public Tensor vectors(UnaryOperator<Tensor> dropout) {
        Tensor x = input.tensor();
        for (int layer = 0; layer < layers.size(); layer++) {
            Tensor read = layer == 0 ? x : dropout.apply(x);
            Both both = layers.get(layer);
            x = tensors.concat(
                    List.of(
                            both.forwards().apply(tensors, read),
                            both.backwards().apply(tensors, read)),
                    1);
        }
        return second.apply(first.apply(x).relu());
    }
}
