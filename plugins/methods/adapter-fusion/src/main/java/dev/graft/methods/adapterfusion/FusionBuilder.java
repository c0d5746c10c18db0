package dev.graft.methods.adapterfusion;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.AdapterHubNames;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.ParameterWeight;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Declares the parameters of a fusion under AdapterHub's names. */
final class FusionBuilder {
    private static final double DEVIATION = 0.02;
    private static final float OFF_DIAGONAL = 1e-6f;

    private final ModelView model;
    private final FusionConfig config;
    private final String adapters;
    private final Temperature temperature;
    private final AttachmentBuilder attachment;
    private final List<Parameter> values = new ArrayList<>();

    /**
     * An empty fusion.
     *
     * @param adapters the names of the adapters, separated by commas
     * @param temperature what scores are divided by, or null
     */
    FusionBuilder(
            ModelView model,
            FusionConfig config,
            String adapters,
            Temperature temperature,
            AttachmentBuilder attachment) {
        this.model = model;
        this.config = config;
        this.adapters = adapters;
        this.temperature = temperature;
        this.attachment = attachment;
    }

    /** Mixes the adapters of a place. */
    void place(FusionPlace place) {
        String name = AdapterHubNames.module(place.site()) + ".adapter_fusion_layer." + adapters;
        int layer = place.site().layer();
        int width = place.site().width();
        FusionLayer fusion = new FusionLayer(
                config.query() ? projection(name + ".query", layer, width) : null,
                config.key() ? projection(name + ".key", layer, width) : null,
                config.value() ? value(name + ".value", layer, width) : null,
                temperature,
                dropout(layer),
                config);
        attachment.patches().sublayer(place.site().name(), new FusionPatch(place.parts(), fusion));
    }

    /** Adds the regulariser {@code w sum (V - I)^2} over all value matrices (Pfeiffer et al. 2021, section 3.3). */
    void penalize() {
        if (config.penaltyWeight() == 0 || values.isEmpty()) {
            return;
        }
        Shape shape = values.get(0).spec().shape();
        Tensor identity =
                attachment.context().retain(attachment.context().tensors().of(diagonal(shape, 0), shape));
        attachment.penalize(context -> values.stream()
                .map(value -> value.tensor().sub(identity).square().sum())
                .reduce(Tensor::add)
                .map(sum -> sum.mul(config.penaltyWeight()))
                .or(Optional::empty));
    }

    private LinearSite projection(String name, int layer, int width) {
        Parameter weight = declare(name + ".weight", Shape.of(width, width), Initializer.normal(DEVIATION), layer);
        Parameter bias = declare(name + ".bias", Shape.of(width), Initializer.constant(0), layer);
        return site(name, layer, weight, bias);
    }

    private LinearSite value(String name, int layer, int width) {
        Initializer first = config.valueInitialized()
                ? (tensors, shape, dtype, random) ->
                        tensors.of(diagonal(shape, OFF_DIAGONAL), shape).cast(dtype)
                : Initializer.normal(DEVIATION);
        Parameter weight = declare(name + ".weight", Shape.of(width, width), first, layer);
        values.add(weight);
        return site(name, layer, weight, null);
    }

    private LinearSite site(String name, int layer, Parameter weight, Parameter bias) {
        return attachment.publish(new LinearSite(
                name,
                LinearSite.Role.OTHER,
                layer,
                new ParameterWeight(name + ".weight", weight),
                bias == null ? null : new ParameterWeight(name + ".bias", bias),
                false));
    }

    private Parameter declare(String name, Shape shape, Initializer initializer, int layer) {
        return attachment.declare(ParameterSpec.of(name, shape, initializer, layer));
    }

    private double dropout(int layer) {
        return config.dropoutProb() != null
                ? config.dropoutProb()
                : model.sites(AttentionSite.class)
                        .filter(site -> site.layer() == layer)
                        .mapToDouble(AttentionSite::dropout)
                        .findFirst()
                        .orElse(0);
    }

    private static float[] diagonal(Shape shape, float elsewhere) {
        int width = Math.toIntExact(shape.size(0));
        float[] values = new float[width * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % (width + 1) == 0 ? 1 : elsewhere;
        }
        return values;
    }
}
