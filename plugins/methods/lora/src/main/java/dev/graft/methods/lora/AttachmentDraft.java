package dev.graft.methods.lora;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** An attachment that grows site by site. */
final class AttachmentDraft {
    private final AttachContext context;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Patches.Builder patches = Patches.builder();
    private final Map<String, UnaryOperator<Tensor>> merges = new LinkedHashMap<>();
    private final Map<String, Supplier<Tensor>> rewritten = new LinkedHashMap<>();

    AttachmentDraft(AttachContext context) {
        this.context = context;
    }

    /** What the attachment is built with. */
    AttachContext context() {
        return context;
    }

    /** What happens at which site. */
    Patches.Builder patches() {
        return patches;
    }

    /**
     * Declares a trainable tensor.
     *
     * @param site where it belongs
     * @param name its name on disk without the common prefix
     */
    Parameter declare(Site site, String name, Shape shape, Initializer initializer) {
        Parameter parameter =
                context.parameter(ParameterSpec.of(PeftNames.onDisk(name), shape, initializer, site.layer()));
        parameters.add(parameter);
        return parameter;
    }

    /** Lets a name on disk hold something else than the parameter of that name, or something that is no parameter. */
    void write(String name, Supplier<Tensor> value) {
        rewritten.put(PeftNames.onDisk(name), value);
    }

    /** Adds a step to the merging of a base parameter; steps are taken in the order they were added. */
    void merge(String parameter, UnaryOperator<Tensor> step) {
        merges.merge(
                parameter,
                base -> step.apply(base).cast(base.dtype()),
                (before, after) -> base -> after.apply(before.apply(base)));
    }

    Attachment finish() {
        return new LoraAttachment(parameters, patches.build(), merges, rewritten);
    }
}
