package dev.graft.methods.diffpruning;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.ElementDelta;
import dev.graft.spi.method.ElementValues;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.method.Progress;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A gated difference of every targeted parameter until it is cut to its density, and from then on what is left of it. */
final class DiffPruningAttachment implements Attachment {
    private final DiffPruningConfig config;
    private final Tensors tensors;
    private final TargetedParameters targets;
    private final List<GatedDifference> gated;
    private final ElementDelta delta;
    private final Attachment heads;

    /**
     * An attachment.
     *
     * @param gated the difference of each targeted parameter; empty where it was cut before
     * @param delta what is left of it
     * @param heads the head, as an attachment of its own
     */
    DiffPruningAttachment(
            DiffPruningConfig config,
            AttachContext context,
            TargetedParameters targets,
            List<GatedDifference> gated,
            ElementDelta delta,
            Attachment heads) {
        this.config = config;
        this.tensors = context.tensors();
        this.targets = targets;
        this.gated = List.copyOf(gated);
        this.delta = delta;
        this.heads = heads;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(delta.values());
        all.addAll(heads.parameters());
        gated.forEach(difference -> difference.parameters().forEach(all::add));
        return all;
    }

    @Override
    public Patches patches() {
        Patches.Builder patches = Patches.builder();
        for (int i = 0; i < targets.all().size(); i++) {
            int parameter = i;
            patches.parameter(
                    targets.all().get(i).name(),
                    (pass, base) -> pruning()
                            ? base.add(gated.get(parameter).value(pass).cast(base.dtype()))
                            : delta.apply(parameter, base));
        }
        heads.patches().parameter().forEach(patches::parameter);
        return patches.build();
    }

    /** Whether the difference is still dense. */
    private boolean pruning() {
        return !gated.isEmpty() && !delta.chosen();
    }

    @Override
    public boolean trains(Parameter parameter, Progress progress) {
        if (parameter == delta.values()) {
            return !pruning();
        }
        return heads.parameters().contains(parameter) || pruning();
    }

    /** {@inheritDoc} The expected L0 norm of the difference (Guo, Rush and Kim 2021), while it has gates. */
    @Override
    public Optional<Tensor> penalty(PatchContext context) {
        if (!pruning() || config.penalty() == 0) {
            return Optional.empty();
        }
        return gated.stream()
                .map(GatedDifference::expected)
                .reduce(Tensor::add)
                .map(expected -> expected.mul(config.penalty()));
    }

    /** {@inheritDoc} Cuts the difference when the steps with gates are done. */
    @Override
    public void stepped(Progress progress) {
        long fixed = Math.round(config.fixmaskFraction() * progress.totalSteps());
        if (pruning() && progress.step() >= Math.max(1, progress.totalSteps() - fixed)) {
            try (Scope scope = tensors.scope()) {
                delta.choose(tensors, projected());
            }
        }
    }

    /** The projection on the L0 ball: the elements of the largest size stay (Guo, Rush and Kim 2021). */
    private ElementValues projected() {
        return ElementValues.largest(targets, delta.count(), this::settled);
    }

    private float[] settled(int parameter) {
        return tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                return gated.get(parameter).settled().floats();
            }
        });
    }

    /** What the adapter is now; of a difference that is still dense, what would be left of it. */
    private ElementValues now() {
        return pruning() ? projected() : delta.now();
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(heads.state());
        state.putAll(now().state(tensors, PeftNames::onDisk));
        return state;
    }

    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        Map<String, UnaryOperator<Tensor>> merge = new LinkedHashMap<>(heads.merge());
        merge.putAll(now().merge(tensors));
        return merge;
    }
}
