package dev.graft.tck.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.Set;

/**
 * The kit's own method, the smallest that keeps every rule: one factor per output of every linear layer below the head. Other methods are tried beside it, and broken variants of it show that rules find something.
 */
public final class Gain implements MethodProvider<Gain.Config> {
    private static final RecipeFormat FORMAT = new RecipeFormat("TCK_GAIN", Set.of("begin"));

    /**
     * Its configuration.
     *
     * @param begin first value of every factor
     */
    public record Config(
            @Key(value = "First value of every factor", defaultsTo = "1", min = -10, max = 10)
            double begin) {}

    @Override
    public String id() {
        return "tck-gain";
    }

    @Override
    public String summary() {
        return "The test kit's own method: a factor per output of linear layers";
    }

    @Override
    public Class<Config> configuration() {
        return Config.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A factor for every output of the linear layers below the head.",
                "y' = g * y",
                "the test kit",
                "To try other methods beside it; not for use.",
                "the sum of the widths of the linear layers below the head",
                "adapter_config.json with peft_type TCK_GAIN; adapter_model.safetensors with"
                        + " base_model.model.<layer>.tck_gain");
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public long trainableParameters(ModelView model, Config configuration) {
        return scaled(model).stream().mapToLong(LinearSite::outputs).sum();
    }

    /** The layers it acts on. */
    static List<LinearSite> scaled(ModelView model) {
        List<LinearSite> sites = model.linears()
                .filter(site ->
                        site.layer() >= 0 && site.layer() < model.description().layers())
                .toList();
        if (sites.isEmpty()) {
            throw new ConfigurationException("tck-gain finds no linear layer below the head of this model");
        }
        return sites;
    }

    @Override
    public Attachment attach(ModelView model, Config configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::onDisk);
        for (LinearSite site : scaled(model)) {
            Parameter gain = attachment.declare(
                    site,
                    site.name() + ".tck_gain",
                    Shape.of(site.outputs()),
                    Initializer.constant(configuration.begin()));
            attachment.patches().linear(site.name(), new Scaled(gain));
            attachment.merge(
                    site.name() + ".weight",
                    weight -> weight.mul(
                            site.inputMajor() ? gain.tensor() : gain.tensor().reshape(-1, 1)));
            if (site.bias() != null) {
                attachment.merge(site.name() + ".bias", bias -> bias.mul(gain.tensor()));
            }
        }
        return attachment.build();
    }

    @Override
    public Combination.Result<Config> combine(Tensors tensors, Combination<Config> combination) {
        return LinearCombination.sum(id(), combination);
    }

    private record Scaled(Parameter gain) implements LinearPatch {
        @Override
        public Tensor output(PatchContext context, Tensor x, Tensor y) {
            return y.mul(gain.tensor());
        }
    }
}
