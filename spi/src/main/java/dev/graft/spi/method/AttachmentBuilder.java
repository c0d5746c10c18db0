package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** An attachment that grows site by site; enough for techniques whose parameters all learn from the first step to the last. */
public final class AttachmentBuilder {
    private final AttachContext context;
    private final UnaryOperator<String> onDisk;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Patches.Builder patches = Patches.builder();
    private final Map<String, UnaryOperator<Tensor>> merges = new LinkedHashMap<>();
    private final Map<String, Supplier<Tensor>> written = new LinkedHashMap<>();
    private final List<Once> once = new ArrayList<>();
    private final List<LinearSite> sites = new ArrayList<>();
    private Function<PatchContext, Optional<Tensor>> penalty = context -> Optional.empty();
    private String unmergeable;

    /**
     * An empty attachment.
     *
     * @param onDisk the name on disk of a module or parameter of the model
     */
    public AttachmentBuilder(AttachContext context, UnaryOperator<String> onDisk) {
        this.context = context;
        this.onDisk = onDisk;
    }

    /** What the attachment is built with. */
    public AttachContext context() {
        return context;
    }

    /** What happens at which site. */
    public Patches.Builder patches() {
        return patches;
    }

    /** The name on disk of a module or parameter of the model. */
    public String onDisk(String name) {
        return onDisk.apply(name);
    }

    /**
     * Declares a trainable tensor of the adapter's files.
     *
     * @param site where it belongs
     * @param name its name in the model
     */
    public Parameter declare(Site site, String name, Shape shape, Initializer initializer) {
        return declare(ParameterSpec.of(onDisk(name), shape, initializer, site.layer()));
    }

    /** Declares a trainable tensor; its name is taken as it is. */
    public Parameter declare(ParameterSpec spec) {
        Parameter parameter = context.parameter(spec);
        parameters.add(parameter);
        return parameter;
    }

    /** Declares a computation that is done once per pass. */
    public void once(Once computation) {
        once.add(computation);
    }

    /** Publishes a linear layer of the attachment, on which later attachments may act. */
    public LinearSite publish(LinearSite site) {
        sites.add(site);
        return site;
    }

    /** Says what is added to the loss, a scalar. */
    public void penalize(Function<PatchContext, Optional<Tensor>> term) {
        penalty = term;
    }

    /** Has a name on disk hold something else than the parameter of that name, or something that is no parameter. */
    public void write(String nameOnDisk, Supplier<Tensor> value) {
        written.put(nameOnDisk, value);
    }

    /** Adds a step to the merging of a base parameter; steps are taken in the order they were added. */
    public void merge(String parameter, UnaryOperator<Tensor> step) {
        merges.merge(
                parameter,
                base -> step.apply(base).cast(base.dtype()),
                (before, after) -> base -> after.apply(before.apply(base)));
    }

    /**
     * Says that the attachment cannot be merged.
     *
     * @param reason a sentence for a person
     */
    public void refuseMerge(String reason) {
        unmergeable = reason;
    }

    /** The attachment. */
    public Attachment build() {
        return new Built(
                List.copyOf(parameters),
                patches.build(),
                List.copyOf(once),
                Map.copyOf(merges),
                Map.copyOf(written),
                List.copyOf(sites),
                penalty,
                unmergeable);
    }

    private record Built(
            List<Parameter> parameters,
            Patches patches,
            List<Once> once,
            Map<String, UnaryOperator<Tensor>> merges,
            Map<String, Supplier<Tensor>> written,
            List<LinearSite> sites,
            Function<PatchContext, Optional<Tensor>> penalty,
            String unmergeable)
            implements Attachment {
        @Override
        public Map<String, Tensor> state() {
            Map<String, Tensor> state = Attachment.super.state();
            written.forEach((name, value) -> state.put(name, value.get()));
            return state;
        }

        @Override
        public Optional<Tensor> penalty(PatchContext context) {
            return penalty.apply(context);
        }

        @Override
        public Map<String, UnaryOperator<Tensor>> merge() {
            if (unmergeable != null) {
                throw new ConfigurationException(unmergeable);
            }
            return merges;
        }
    }
}
