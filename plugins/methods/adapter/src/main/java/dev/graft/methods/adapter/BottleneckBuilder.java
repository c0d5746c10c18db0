package dev.graft.methods.adapter;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.ParameterWeight;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;

/**
 * Declares the parameters of adapters under AdapterHub's names.
 *
 * @param config what they are like
 * @param first their first values
 * @param attachment what they become part of
 */
record BottleneckBuilder(AdapterConfig config, FirstValues first, AttachmentBuilder attachment) {
    /** Puts an adapter at a place. */
    void place(Place place) {
        String name = place.adapter(attachment.context().name());
        int layer = place.site().layer();
        int width = place.site().width();
        Norm before = config.lnBefore() ? normBefore(name, layer, width) : null;
        LinearSite down =
                linear(name + ".adapter_down." + (before == null ? 0 : 1), layer, place.width(), width, first.down());
        LinearSite up = linear(name + ".adapter_up", layer, width, place.width(), first.up());
        LinearSite gate = config.useGating() ? linear(name + ".gate", layer, 1, width, first.gate()) : null;
        Bottleneck network = new Bottleneck(
                before,
                attachment.publish(down),
                NonLinearity.of(config.nonLinearity()),
                attachment.publish(up),
                scaling(name, layer, width),
                gate,
                config.lnAfter() ? norm(name + ".adapter_norm_after", layer, width) : null,
                config);
        attachment
                .patches()
                .sublayer(
                        place.site().name(),
                        config.isParallel() ? new ParallelAdapter(network) : new SerialAdapter(network));
    }

    /** AdapterHub's module stands under two names, of which files may hold either or both. */
    private Norm normBefore(String name, int layer, int width) {
        String own = name + ".adapter_norm_before";
        String first = name + ".adapter_down.0";
        boolean underFirst = attachment.context().stored(first + ".weight")
                && !attachment.context().stored(own + ".weight");
        Norm norm = norm(underFirst ? first : own, layer, width);
        String other = underFirst ? own : first;
        attachment.context().ignore(other + ".weight");
        attachment.context().ignore(other + ".bias");
        attachment.write(other + ".weight", norm.weight()::tensor);
        attachment.write(other + ".bias", norm.bias()::tensor);
        return norm;
    }

    private Norm norm(String name, int layer, int width) {
        return new Norm(
                declare(name + ".weight", Shape.of(width), Initializer.constant(1), layer),
                declare(name + ".bias", Shape.of(width), Initializer.constant(0), layer));
    }

    private Scaling scaling(String name, int layer, int width) {
        if (config.scaling() instanceof Number number) {
            return new Scaling(number.doubleValue(), null);
        }
        Shape shape = Shape.of(config.scaling().equals(AdapterConfig.CHANNEL) ? width : 1);
        return new Scaling(1, declare(name + ".scaling", shape, Initializer.constant(1), layer));
    }

    private LinearSite linear(String name, int layer, int outputs, int inputs, Initializer weight) {
        String weightName = name + ".weight";
        String biasName = name + ".bias";
        Parameter matrix = declare(weightName, Shape.of(outputs, inputs), weight, layer);
        Parameter bias = declare(biasName, Shape.of(outputs), Initializer.constant(0), layer);
        return new LinearSite(
                name,
                LinearSite.Role.OTHER,
                layer,
                new ParameterWeight(weightName, matrix),
                new ParameterWeight(biasName, bias),
                false);
    }

    private Parameter declare(String name, Shape shape, Initializer initializer, int layer) {
        return attachment.declare(ParameterSpec.of(name, shape, initializer, layer));
    }
}
