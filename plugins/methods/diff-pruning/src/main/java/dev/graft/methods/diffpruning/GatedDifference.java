package dev.graft.methods.diffpruning;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.ParameterSpec.Storage;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The dense difference of one parameter of the base with its gates, {@code delta = z * w} (Guo, Rush and Kim 2021),
 * and in the structured form {@code delta_i = z_g * z_i * w_i} with one gate more for the parameter as a
 * group (structured diff pruning). It exists for the run alone.
 *
 * @param gates the distribution of the gates
 * @param w the difference before gating, in the parameter's shape
 * @param logAlpha of the elements' gates, in the parameter's shape
 * @param groupLogAlpha of the group's gate, {@code [1]}; null where there is none
 */
record GatedDifference(HardConcrete gates, Parameter w, Parameter logAlpha, Parameter groupLogAlpha) {
    /** Declares the difference of a parameter, which begins at zero. */
    static GatedDifference declare(DiffPruningConfig config, TargetedParameters.Target target, AttachContext context) {
        Shape shape = target.weight().shape();
        Initializer open = Initializer.constant(config.alphaInit());
        return new GatedDifference(
                config.gates(),
                context.parameter(declared(target, ".w", shape, Initializer.constant(0))),
                context.parameter(declared(target, ".log_alpha", shape, open).withoutDecay()),
                config.structured()
                        ? context.parameter(declared(target, ".group_log_alpha", Shape.of(1), open)
                                .withoutDecay())
                        : null);
    }

    private static ParameterSpec declared(
            TargetedParameters.Target target, String ending, Shape shape, Initializer initializer) {
        return ParameterSpec.of("gated." + target.name() + ending, shape, initializer, target.layer())
                .in(Storage.RUN);
    }

    /** Its trainable tensors. */
    Stream<Parameter> parameters() {
        return groupLogAlpha == null ? Stream.of(w, logAlpha) : Stream.of(w, logAlpha, groupLogAlpha);
    }

    /** The difference with gates drawn at random in training, settled otherwise. */
    Tensor value(PatchContext pass) {
        if (!pass.training()) {
            return settled();
        }
        List<Tensor> drawn = new ArrayList<>();
        for (Parameter parameter : gateParameters()) {
            drawn.add(gates.drawn(pass.tensors(), parameter.tensor(), pass.random()));
        }
        return gated(drawn);
    }

    /** The difference with settled gates. */
    Tensor settled() {
        return gated(gateParameters().stream()
                .map(parameter -> gates.settled(parameter.tensor()))
                .toList());
    }

    /**
     * The expected number of elements whose gates are not 0: {@code sum_i P(z_i > 0)}, times {@code P(z_g > 0)} in the
     * structured form, since the gates are independent.
     */
    Tensor expected() {
        Tensor expected = gates.open(logAlpha.tensor()).sum();
        return groupLogAlpha == null
                ? expected
                : expected.mul(gates.open(groupLogAlpha.tensor()).sum());
    }

    private List<Parameter> gateParameters() {
        return groupLogAlpha == null ? List.of(logAlpha) : List.of(logAlpha, groupLogAlpha);
    }

    private Tensor gated(List<Tensor> drawn) {
        Tensor difference = w.tensor();
        for (Tensor gate : drawn) {
            difference = difference.mul(gate);
        }
        return difference;
    }
}
