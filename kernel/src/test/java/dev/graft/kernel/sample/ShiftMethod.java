package dev.graft.kernel.sample;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Adds a trainable vector, random at first, to what every linear layer of the blocks puts out. */
public final class ShiftMethod implements MethodProvider<NoOptions> {
    @Override
    public String id() {
        return "shift";
    }

    @Override
    public String version() {
        return "1.0.0";
    }

    @Override
    public String summary() {
        return "adds a vector to the outputs of linear layers";
    }

    @Override
    public Class<NoOptions> configuration() {
        return NoOptions.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation("", "", "", "", "", "");
    }

    @Override
    public AdapterFormat format() {
        throw new UnsupportedOperationException("never stored");
    }

    @Override
    public long trainableParameters(ModelView model, NoOptions configuration) {
        return model.description().hidden();
    }

    @Override
    public Attachment attach(ModelView model, NoOptions configuration, AttachContext context) {
        Patches.Builder patches = Patches.builder();
        List<Parameter> parameters = new ArrayList<>();
        model.linears()
                .filter(site -> site.role() != LinearSite.Role.VOCABULARY)
                .forEach(site -> {
                    Parameter shift = context.parameter(ParameterSpec.of(
                            site.name() + ".shift", Shape.of(site.outputs()), Initializer.normal(1), site.layer()));
                    parameters.add(shift);
                    patches.linear(site.name(), new Shift(shift));
                });
        return new Shifts(List.copyOf(parameters), patches.build());
    }

    private record Shift(Parameter parameter) implements LinearPatch {
        @Override
        public Tensor output(PatchContext context, Tensor x, Tensor y) {
            return y.add(parameter.tensor().cast(y.dtype()));
        }
    }

    private record Shifts(List<Parameter> parameters, Patches patches) implements Attachment {
        @Override
        public Map<String, UnaryOperator<Tensor>> merge() {
            return Map.of();
        }
    }
}
