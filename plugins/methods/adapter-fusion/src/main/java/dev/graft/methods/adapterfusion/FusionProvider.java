package dev.graft.methods.adapterfusion;

import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Part;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Offers AdapterFusion. */
public final class FusionProvider implements MethodProvider<FusionConfig> {
    @Override
    public String id() {
        return "adapter-fusion";
    }

    @Override
    public String summary() {
        return "Attention over several frozen bottleneck adapters, layer by layer (AdapterFusion)";
    }

    @Override
    public Class<FusionConfig> configuration() {
        return FusionConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Adapters of several tasks are kept frozen, and for every token of every layer attention decides how"
                        + " much of each to use for a new task. Only the attention's matrices learn, so that what the"
                        + " adapters know is shared without being overwritten.",
                "s = softmax_n(Q x . K z_n), y = h + sum_n s_n V z_n with z_n what adapter n computes; the loss gains"
                        + " reg_weight * sum (V - I)^2",
                "Pfeiffer et al. 2021, AdapterFusion: Non-Destructive Task Composition for Transfer Learning",
                "A task with little data that is like several for which adapters exist. It runs all adapters and"
                        + " learns three square matrices for each layer: with one related task, go on from its adapter"
                        + " instead.",
                "for each sublayer with adapters 3 w^2 + 2 w with w the model's width (static: 2 w^2 + 2 w), reckoned"
                        + " for adapters after the feed-forward layers; a classifier's head learns along",
                "AdapterHub's: one folder for each adapter, and one with adapter_fusion_config.json and"
                        + " model_adapter_fusion.safetensors that holds"
                        + " <module>.adapter_fusion_layer.<a,b>.query, key and value");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.SEQ_CLS, Task.TOKEN_CLS, Task.MASKED_LM),
                100,
                10_000,
                0.8,
                Suitability.Cost.WORK_IN_BLOCKS,
                0.3,
                "trained adapters of related tasks, in parts",
                Map.of(),
                5e-5));
    }

    @Override
    public AdapterFormat format() {
        return new FusionFormat();
    }

    @Override
    public long trainableParameters(ModelView model, FusionConfig configuration) {
        long layers = model.sites(SublayerSite.class)
                .filter(site -> site.kind() == SublayerSite.Kind.FEED_FORWARD)
                .mapToLong(site -> elements(site.width(), configuration))
                .sum();
        return layers + FullModules.heads(model).elements(model);
    }

    @Override
    public long trainableParameters(ModelView model, FusionConfig configuration, List<Part> parts) {
        long places = FusionPlace.of(model, parts).stream()
                .mapToLong(place -> elements(place.site().width(), configuration))
                .sum();
        return places + FullModules.heads(model).elements(model);
    }

    private static long elements(long width, FusionConfig config) {
        long projection = width * width + width;
        return (config.query() ? projection : 0)
                + (config.key() ? projection : 0)
                + (config.value() ? width * width : 0);
    }

    @Override
    public Attachment attach(ModelView model, FusionConfig configuration, AttachContext context) {
        List<FusionPlace> places = FusionPlace.of(model, context.parts());
        String adapters = context.parts().stream().map(Part::name).collect(Collectors.joining(","));
        AttachmentBuilder attachment = new AttachmentBuilder(context, name -> name);
        Temperature temperature =
                configuration.temperature() ? Temperature.of(context, "adapter_fusion_layer." + adapters) : null;
        FusionBuilder fusion = new FusionBuilder(model, configuration, adapters, temperature, attachment);
        places.forEach(fusion::place);
        fusion.penalize();
        FullModules.heads(model).train(model, attachment, ParameterSpec.Storage.OPTIONAL);
        attachment.refuseMerge("adapters of method 'adapter-fusion' cannot be merged: how much of each adapter is used"
                + " is decided for every token anew");
        Attachment built = attachment.build();
        return temperature == null ? built : new FusionAttachment(built, temperature);
    }
}
