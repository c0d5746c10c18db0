package dev.graft.kernel.testing;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.Weight;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A method for tests: puts a trainable copy in the place of one weight.
 *
 * @param weight the weight
 */
public record Replacement(Weight weight) implements MethodProvider<NoOptions> {
    @Override
    public String id() {
        return "replacement";
    }

    @Override
    public String summary() {
        return "puts a trainable copy in the place of one weight";
    }

    @Override
    public Class<NoOptions> configuration() {
        return NoOptions.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(summary(), "W' = W", "none", "in tests", "the size of W", "none");
    }

    @Override
    public AdapterFormat format() {
        throw new UnsupportedOperationException("never saved");
    }

    @Override
    public long trainableParameters(ModelView model, NoOptions configuration) {
        return weight.shape().elements();
    }

    @Override
    public Attachment attach(ModelView model, NoOptions configuration, AttachContext context) {
        Parameter parameter =
                context.parameter(ParameterSpec.of(weight.name(), weight.shape(), Initializer.of(weight.tensor()), 0));
        return new Attachment() {
            @Override
            public List<Parameter> parameters() {
                return List.of(parameter);
            }

            @Override
            public Patches patches() {
                return Patches.builder()
                        .parameter(weight.name(), (pass, base) -> parameter.tensor())
                        .build();
            }

            @Override
            public Map<String, UnaryOperator<Tensor>> merge() {
                return Map.of(weight.name(), base -> parameter.tensor());
            }
        };
    }
}
