package dev.graft.kernel.sample;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttentionPatch;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Patches the kinds of sites it is told to, with random trainable values everywhere.
 *
 * @param kinds what is patched
 * @param length number of virtual tokens and of prefix slots; prefixes of the second block are one longer
 * @param dropout probability with which what linear patches add is dropped in training
 */
public record EveryPatch(Set<Kind> kinds, int length, double dropout) implements MethodProvider<NoOptions> {
    /** What may be patched. */
    public enum Kind {
        /** What linear layers put out. */
        OUTPUT,
        /** What query layers take in. */
        INPUT,
        /** Weights of value layers. */
        WEIGHT,
        /** Biases of upward layers, which have none. */
        BIAS,
        /** Weights and biases of norms. */
        NORM,
        /** The token table itself. */
        TABLE,
        /** Looked-up vectors. */
        VECTORS,
        /** Tokens in front. */
        VIRTUAL,
        /** Keys and values in front that take positions. */
        PREFIX,
        /** Keys and values in front that take none. */
        PLACELESS_PREFIX,
        /** Where attention joins the residual stream. */
        SUBLAYER
    }

    /** Patches without dropout. */
    public EveryPatch(Set<Kind> kinds, int length) {
        this(kinds, length, 0);
    }

    @Override
    public String id() {
        return "every-patch";
    }

    @Override
    public String summary() {
        return "patches the kinds of sites it is told to";
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
        throw new UnsupportedOperationException("never counted");
    }

    @Override
    public Attachment attach(ModelView model, NoOptions configuration, AttachContext context) {
        Building building = new Building(context);
        model.sites().forEach(site -> {
            if (site instanceof LinearSite linear) {
                building.linear(linear);
            } else if (site instanceof NormSite norm) {
                building.norm(norm);
            } else if (site instanceof EmbeddingSite embedding && embedding.role() == EmbeddingSite.Role.TOKEN) {
                building.embedding(embedding);
            } else if (site instanceof AttentionSite attention) {
                building.attention(attention);
            } else if (site instanceof SublayerSite sublayer) {
                building.sublayer(sublayer);
            }
        });
        return new Patched(List.copyOf(building.parameters), building.patches.build());
    }

    private record Patched(List<Parameter> parameters, Patches patches) implements Attachment {
        @Override
        public Map<String, UnaryOperator<Tensor>> merge() {
            return Map.of();
        }
    }

    private final class Building {
        private final AttachContext context;
        private final List<Parameter> parameters = new ArrayList<>();
        private final Patches.Builder patches = Patches.builder();

        Building(AttachContext context) {
            this.context = context;
        }

        private Parameter parameter(String name, int layer, long... shape) {
            Parameter parameter =
                    context.parameter(ParameterSpec.of(name, Shape.of(shape), Initializer.normal(0.5), layer));
            parameters.add(parameter);
            return parameter;
        }

        void linear(LinearSite site) {
            boolean output = kinds.contains(Kind.OUTPUT);
            boolean input = kinds.contains(Kind.INPUT) && site.role() == LinearSite.Role.QUERY;
            if (output || input) {
                Parameter scale = input ? parameter(site.name() + ".in", site.layer(), site.inputs()) : null;
                Parameter added =
                        output ? parameter(site.name() + ".out", site.layer(), site.outputs(), site.inputs()) : null;
                patches.linear(site.name(), new Layer(scale, added, dropout));
            }
            if (kinds.contains(Kind.WEIGHT) && site.role() == LinearSite.Role.VALUE) {
                Parameter change = parameter(site.name() + ".weight", site.layer(), site.outputs(), site.inputs());
                patches.parameter(site.name() + ".weight", (pass, base) -> base.add(change.tensor()));
            }
            if (kinds.contains(Kind.BIAS) && site.role() == LinearSite.Role.FFN_UP) {
                Parameter bias = parameter(site.name() + ".bias", site.layer(), site.outputs());
                patches.parameter(site.name() + ".bias", (pass, base) -> base.add(bias.tensor()));
            }
        }

        void norm(NormSite site) {
            if (kinds.contains(Kind.NORM)) {
                long width = site.weight().shape().size(0);
                Parameter weight = parameter(site.name() + ".weight", site.layer(), width);
                Parameter bias = parameter(site.name() + ".bias", site.layer(), width);
                patches.parameter(site.name() + ".weight", (pass, base) -> base.mul(weight.tensor()));
                patches.parameter(site.name() + ".bias", (pass, base) -> base.add(bias.tensor()));
            }
        }

        void embedding(EmbeddingSite site) {
            Shape shape = site.weight().shape();
            if (kinds.contains(Kind.TABLE)) {
                Parameter table = parameter(site.name() + ".weight", -1, shape.size(0), shape.size(1));
                patches.parameter(site.name() + ".weight", (pass, base) -> base.add(table.tensor()));
            }
            boolean virtual = kinds.contains(Kind.VIRTUAL);
            boolean vectors = kinds.contains(Kind.VECTORS);
            if (virtual || vectors) {
                Parameter front = virtual ? parameter(site.name() + ".front", -1, length, shape.size(1)) : null;
                Parameter factor = vectors ? parameter(site.name() + ".factor", -1, shape.size(1)) : null;
                patches.embedding(site.name(), new Words(front, factor, length));
            }
        }

        void attention(AttentionSite site) {
            boolean placed = kinds.contains(Kind.PREFIX);
            if (placed || kinds.contains(Kind.PLACELESS_PREFIX)) {
                int slots = length + site.layer();
                Parameter keys =
                        parameter(site.name() + ".keys", site.layer(), site.keyHeads(), slots, site.headSize());
                Parameter values =
                        parameter(site.name() + ".values", site.layer(), site.keyHeads(), slots, site.headSize());
                patches.attention(site.name(), new Prefix(keys, values, slots, placed));
            }
        }

        void sublayer(SublayerSite site) {
            if (kinds.contains(Kind.SUBLAYER)) {
                Parameter factor = parameter(site.name() + ".factor", site.layer(), site.width());
                patches.sublayer(
                        site.name(),
                        (pass, residual, output, norm, next) -> next.apply(
                                output.add(output.mul(factor.tensor())).add(residual.mul(0.25))));
            }
        }
    }

    private record Layer(Parameter scale, Parameter added, double dropout) implements LinearPatch {
        @Override
        public boolean changesInput() {
            return scale != null;
        }

        @Override
        public Tensor input(PatchContext context, Tensor x) {
            return scale == null ? x : x.mul(scale.tensor());
        }

        @Override
        public Tensor output(PatchContext context, Tensor x, Tensor y) {
            return added == null ? y : y.add(context.dropout(x, dropout).matmul(added.tensor(), false, true));
        }
    }

    private record Words(Parameter front, Parameter factor, int length) implements EmbeddingPatch {
        @Override
        public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
            return factor == null ? vectors : vectors.mul(factor.tensor());
        }

        @Override
        public int virtualTokens() {
            return front == null ? 0 : length;
        }

        @Override
        public Tensor virtualVectors(PatchContext context) {
            return front.tensor();
        }
    }

    private record Prefix(Parameter keyValues, Parameter valueValues, int length, boolean takesPositions)
            implements AttentionPatch {
        @Override
        public Tensor keys(PatchContext context) {
            return keyValues.tensor();
        }

        @Override
        public Tensor values(PatchContext context) {
            return valueValues.tensor();
        }
    }
}
