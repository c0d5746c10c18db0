package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A method attached to one model: its parameters and what it does at which site. Its structure never changes.
 *
 * <p>Training MUST NOT let arrays add up from step to step (rule 4.06). The same seed MUST take the same path, to
 * the bit (rule 4.04). Within a modest number of steps on one batch the loss MUST fall (rule 4.03) and every
 * parameter MUST stay finite (rule 4.11). A run that was saved and loaded MUST go on as if nothing had happened, to
 * the bit (rule 5.03).
 */
public interface Attachment {
    /**
     * The trainable tensors, in a fixed order.
     *
     * <p>They MUST be the same every time, as {@link #patches} MUST (rule 3.10). A gradient MUST flow to each that
     * is not declared to be without (rule 4.02), and it MUST be that of the loss (rule 4.01). One that has moved
     * MUST be heard in the outputs (rule 3.11).
     */
    List<Parameter> parameters();

    /**
     * What happens at which site.
     *
     * <p>Each MUST belong to a site or parameter that the model or an attachment publishes (rule 3.08).
     */
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
     * <p>The merged base MUST compute what the attachment does, or the method MUST refuse (rule 6.01); so MUST two
     * merged together (rule 6.06). Merging MUST change neither the base nor the parameters (rule 6.02). Names MUST
     * be those of parameters or of biases of linear layers (rule 6.03), functions MUST give the same for the same
     * and leave what they are given alone (rule 6.04), and what they give MUST have the shape and type of what it
     * replaces (rule 6.05).
     *
     * @return by parameter name, for instance {@code model.layers.0.self_attn.q_proj.weight}
     * @throws ConfigurationException if the mathematics does not allow it, saying why
     */
    Map<String, UnaryOperator<Tensor>> merge();
}
