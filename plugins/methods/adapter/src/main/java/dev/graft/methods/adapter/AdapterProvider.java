package dev.graft.methods.adapter;

import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensors;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Offers bottleneck adapters. */
public final class AdapterProvider implements MethodProvider<AdapterConfig> {
    @Override
    public String id() {
        return "adapter";
    }

    @Override
    public String summary() {
        return "Bottleneck adapters: small networks after or beside the sublayers (Houlsby, Pfeiffer, parallel)";
    }

    @Override
    public Class<AdapterConfig> configuration() {
        return AdapterConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A small network that narrows to a bottleneck and widens again is put into every block of the frozen"
                        + " model: after both sublayers (Houlsby), after the feed-forward layer (Pfeiffer), or beside"
                        + " it (parallel). Only these networks learn.",
                "after a sublayer with output h and stream r: y = h + s U f(D x + d) + u with x = h (Houlsby) or"
                        + " x = norm(r + h) (Pfeiffer), then norm(r + y); beside it: norm(r + h + s U f(D r + d) + u)",
                "Houlsby et al. 2019, Parameter-Efficient Transfer Learning for NLP; Pfeiffer et al. 2021,"
                        + " AdapterFusion; He et al. 2022, Towards a Unified View of Parameter-Efficient Transfer"
                        + " Learning",
                "Much data and a task unlike pretraining, adapters to be mixed by fusion, or files for AdapterHub. It"
                        + " cannot be merged and adds latency to every block: for that, choose a low-rank method."
                        + " Houlsby learns most, Pfeiffer costs half, parallel does well on generation.",
                "for each adapter 2 w b + w + b with w the model's width and b = floor(w / reduction_factor); more for"
                        + " ln_before and ln_after (2 w each), use_gating (w + 1), a learned scaling (1) or channel"
                        + " (w); a classifier's head learns along",
                "AdapterHub's adapter_config.json and adapter.safetensors with"
                        + " <module>.adapters.<name>.adapter_down.0 and adapter_up, weight and bias; a head in"
                        + " model_head.safetensors with head_config.json");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class),
                1_000,
                1_000_000,
                0.85,
                Suitability.Cost.WORK_IN_BLOCKS,
                0.02,
                "",
                Map.of(),
                1e-3));
    }

    @Override
    public AdapterFormat format() {
        return new BottleneckFormat();
    }

    @Override
    public long trainableParameters(ModelView model, AdapterConfig configuration) {
        long adapters = Place.of(model, configuration).stream()
                .mapToLong(place -> elements(place.site().width(), place.width(), configuration))
                .sum();
        return adapters + FullModules.heads(model).elements(model);
    }

    private static long elements(long width, long bottleneck, AdapterConfig config) {
        long norms = (config.lnBefore() ? 2 * width : 0) + (config.lnAfter() ? 2 * width : 0);
        long gate = config.useGating() ? width + 1 : 0;
        long scaling =
                config.scaling() instanceof Number ? 0 : config.scaling().equals(AdapterConfig.CHANNEL) ? width : 1;
        return 2 * width * bottleneck + width + bottleneck + norms + gate + scaling;
    }

    @Override
    public Combination.Result<AdapterConfig> combine(Tensors tensors, Combination<AdapterConfig> combination) {
        return LinearCombination.alike(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, AdapterConfig configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, name -> name);
        BottleneckBuilder adapters = new BottleneckBuilder(configuration, FirstValues.of(configuration), attachment);
        Place.of(model, configuration).forEach(adapters::place);
        FullModules.heads(model).train(model, attachment, ParameterSpec.Storage.OPTIONAL);
        attachment.refuseMerge("adapters of method 'adapter' cannot be merged: a network with a non-linearity between"
                + " its matrices is no change of the weights around it");
        return attachment.build();
    }
}
