package dev.graft.methods.ptuning;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A layer of long short-term memory in one direction (Hochreiter and Schmidhuber 1997), with torch's order of gates:
 *
 * <pre>
 * i, f, g, o = x W_ih^T + b_ih + h W_hh^T + b_hh
 * c' = sigmoid(f) c + sigmoid(i) tanh(g);   h' = sigmoid(o) tanh(c')
 * </pre>
 *
 * @param inputWeight {@code [4 hidden, in]}
 * @param stateWeight {@code [4 hidden, hidden]}
 * @param inputBias {@code [4 hidden]}
 * @param stateBias {@code [4 hidden]}
 * @param backwards whether it reads from the last token to the first
 */
record LstmDirection(
        Parameter inputWeight, Parameter stateWeight, Parameter inputBias, Parameter stateBias, boolean backwards) {
    /** Declares its parameters, which begin even over {@code ±1 / sqrt(hidden)}. */
    static LstmDirection declare(EncoderParameters parameters, int layer, int inputs, int hidden, boolean backwards) {
        String ending = "_l" + layer + (backwards ? "_reverse" : "");
        Initializer even = Initializer.uniform(1 / Math.sqrt(hidden));
        return new LstmDirection(
                parameters.declare("lstm_head.weight_ih" + ending, Shape.of(4L * hidden, inputs), even),
                parameters.declare("lstm_head.weight_hh" + ending, Shape.of(4L * hidden, hidden), even),
                parameters.declare("lstm_head.bias_ih" + ending, Shape.of(4L * hidden), even),
                parameters.declare("lstm_head.bias_hh" + ending, Shape.of(4L * hidden), even),
                backwards);
    }

    /** Number of its elements. */
    static long elements(long inputs, long hidden) {
        return 4 * hidden * (inputs + hidden + 2);
    }

    /**
     * Reads a sequence.
     *
     * @param x {@code [length, in]}
     * @return the state after each token, {@code [length, hidden]}
     */
    Tensor apply(Tensors tensors, Tensor x) {
        long hidden = stateWeight.spec().shape().size(1);
        Tensor fromInput = x.linear(inputWeight.tensor(), inputBias.tensor());
        Tensor state = tensors.zeros(Shape.of(1, hidden), x.dtype());
        Tensor cell = state;
        List<Tensor> states = new ArrayList<>();
        int length = Math.toIntExact(x.size(0));
        for (int i = 0; i < length; i++) {
            int token = backwards ? length - 1 - i : i;
            Tensor gates =
                    fromInput.slice(0, token, token + 1).add(state.linear(stateWeight.tensor(), stateBias.tensor()));
            Tensor in = gates.slice(1, 0, hidden).sigmoid();
            Tensor keep = gates.slice(1, hidden, 2 * hidden).sigmoid();
            Tensor candidate = gates.slice(1, 2 * hidden, 3 * hidden).tanh();
            Tensor out = gates.slice(1, 3 * hidden, 4 * hidden).sigmoid();
            cell = keep.mul(cell).add(in.mul(candidate));
            state = out.mul(cell.tanh());
            states.add(state);
        }
        if (backwards) {
            Collections.reverse(states);
        }
        return tensors.concat(states, 0);
    }
}
