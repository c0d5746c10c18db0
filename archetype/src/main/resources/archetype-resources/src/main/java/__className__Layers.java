package ${package};

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ModuleChoice;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;

/**
 * The layers that get an offset, and the head, which learns in full.
 *
 * @param layers the layers, in the order of the forward pass
 * @param head the head, where the model classifies
 */
record ${className}Layers(List<LinearSite> layers, FullModules head) {
    /**
     * What a configuration means for a model.
     *
     * @throws ConfigurationException if no layer is meant
     */
    static ${className}Layers of(ModelView model, ${className}Config config) {
        FullModules head = FullModules.of(model, List.of());
        Predicate<String> named = config.targetModules() == null
                ? name -> true
                : ModuleChoice.of("target_modules", config.targetModules());
        List<LinearSite> layers = model.sites(LinearSite.class)
                .filter(site -> site.role() != LinearSite.Role.HEAD && site.role() != LinearSite.Role.VOCABULARY)
                .filter(site -> named.test(site.name()) && !head.contains(site))
                .toList();
        if (layers.isEmpty()) {
            throw new ConfigurationException("target_modules matches no linear layer of this model");
        }
        return new ${className}Layers(layers, head);
    }

    /** Number of elements that learn. */
    long elements(ModelView model) {
        return layers.stream().mapToLong(LinearSite::outputs).sum() + head.elements(model);
    }

    /** Has them learn: y = W x + b + d with d trainable, zero at first. */
    void train(ModelView model, AttachmentBuilder attachment) {
        for (LinearSite layer : layers) {
            Parameter offset = attachment.declare(
                    layer, layer.name() + ".offset", Shape.of(layer.outputs()), Initializer.constant(0));
            attachment.patches().linear(layer.name(), new Offset(offset));
        }
        head.train(model, attachment, ParameterSpec.Storage.REQUIRED);
        attachment.refuseMerge("adapters of method '${methodId}' cannot be merged");
    }

    /** Adds an offset {@code [out]} to what comes out of a layer, {@code [rows, ..., out]}. */
    private record Offset(Parameter offset) implements LinearPatch {
        @Override
        public Tensor output(PatchContext context, Tensor x, Tensor y) {
            return y.add(offset.tensor().cast(y.dtype()));
        }
    }
}
