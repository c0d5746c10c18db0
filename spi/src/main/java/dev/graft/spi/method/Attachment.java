package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A method attached to one model: its parameters and what it does at which site. Its structure never changes. */
public interface Attachment {
    /** The trainable tensors, in a fixed order. */
    List<Parameter> parameters();

    /** What happens at which site. */
    Patches patches();

    /**
     * The tensors of the adapter's main file by their names on disk, besides buffers and variables, which the kernel
     * adds. Parameters of the side file are left out.
     */
    default Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Parameter parameter : parameters()) {
            if (parameter.spec().saved()) {
                state.put(parameter.name(), parameter.tensor());
            }
        }
        return state;
    }

    /**
     * Whether a parameter is trained at this point of the run; gradual unfreezing answers differently over time. What
     * is not trained keeps its value to the bit, and nothing below the lowest trained site is differentiated.
     */
    default boolean trains(Parameter parameter, Progress progress) {
        return true;
    }

    /** Called after every optimizer step, with the number of steps done: here variables may change. */
    default void stepped(Progress progress) {}

    /** What this attachment has to know of the data before it trains, or when training has ended. */
    default Optional<Calibration> calibration() {
        return Optional.empty();
    }

    /**
     * Takes what {@link #calibration} asked for.
     *
     * @param squares for every parameter asked for, the mean over examples of the squared gradient of the example's
     *     loss, in the parameter's shape; freed after the call
     */
    default void calibrated(Map<Parameter, Tensor> squares) {}

    /** Linear layers inside this attachment on which later attachments may act; see {@link PatchContext#linear}. */
    default List<LinearSite> sites() {
        return List.of();
    }

    /** What several of this attachment's patches need in a pass and that is computed once for them. */
    default List<Once> once() {
        return List.of();
    }

    /** A term to add to the loss, a scalar; penalties of regularising methods. */
    default Optional<Tensor> penalty(PatchContext context) {
        return Optional.empty();
    }

    /**
     * New values for base parameters that make the bare base compute what it computes with this attachment, as
     * functions of the value they had.
     *
     * @return by parameter name, for instance {@code model.layers.0.self_attn.q_proj.weight}
     * @throws ConfigurationException if the mathematics does not allow it, saying why
     */
    Map<String, UnaryOperator<Tensor>> merge();
}
