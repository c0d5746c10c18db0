package dev.graft.methods.bitfit;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;

/**
 * A bias term that learns: {@code W x + b} with {@code W} frozen (Ben Zaken et al. 2022, section 3).
 *
 * @param site the layer or norm it belongs to
 * @param base its value in the base, or null where it is brought in and begins at zero
 */
record BiasTerm(Site site, Weight base) {
    static BiasTerm of(Site site) {
        if (site instanceof LinearSite linear) {
            return new BiasTerm(site, linear.bias());
        }
        return new BiasTerm(site, site instanceof NormSite norm ? norm.bias() : null);
    }

    boolean injected() {
        return base == null;
    }

    /** The parameter's name in the model. */
    String name() {
        return injected() ? site.name() + ".bias" : base.name();
    }

    Shape shape() {
        if (!injected()) {
            return base.shape();
        }
        return site instanceof LinearSite linear
                ? Shape.of(linear.outputs())
                : ((NormSite) site).weight().shape();
    }

    /** Has it learn. Weight decay leaves biases alone, as is custom. */
    void train(AttachmentBuilder attachment) {
        Initializer initial = injected() ? Initializer.constant(0) : Initializer.of(base.tensor());
        Parameter parameter =
                attachment.declare(ParameterSpec.of(attachment.onDisk(name()), shape(), initial, site.layer())
                        .withoutDecay());
        attachment
                .patches()
                .parameter(name(), (pass, value) -> parameter.tensor().cast(value.dtype()));
        attachment.merge(name(), value -> parameter.tensor().detach());
    }
}
