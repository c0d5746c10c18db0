package dev.graft.methods.sparse;

import dev.graft.methods.sparse.SparseConfig.Mask;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.ElementChoice;
import dev.graft.spi.method.ElementDelta;
import dev.graft.spi.method.ElementValues;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterPatch;
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

/** A change of the chosen elements, the head beside it, and until the mask is chosen the trial that it is chosen by. */
final class SparseAttachment implements Attachment {
    private final SparseConfig config;
    private final Tensors tensors;
    private final TargetedParameters targets;
    private final ElementDelta delta;
    private final Attachment heads;
    private final DenseTrial trial;

    /**
     * An attachment.
     *
     * @param heads the head, as an attachment of its own
     * @param trial what the mask is chosen by; null where it is chosen already
     */
    SparseAttachment(
            SparseConfig config,
            AttachContext context,
            TargetedParameters targets,
            ElementDelta delta,
            Attachment heads,
            DenseTrial trial) {
        this.config = config;
        this.tensors = context.tensors();
        this.targets = targets;
        this.delta = delta;
        this.heads = heads;
        this.trial = trial;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(delta.values());
        all.addAll(heads.parameters());
        if (trial != null) {
            all.addAll(trial.parameters());
        }
        return all;
    }

    @Override
    public Patches patches() {
        Patches.Builder patches = Patches.builder();
        for (int i = 0; i < targets.all().size(); i++) {
            int parameter = i;
            patches.parameter(
                    targets.all().get(i).name(),
                    (pass, base) -> trying() ? trial.apply(parameter, base) : delta.apply(parameter, base));
        }
        heads.patches().parameter().forEach((name, patch) -> patches.parameter(name, head(name, patch)));
        return patches.build();
    }

    private ParameterPatch head(String name, ParameterPatch own) {
        ParameterPatch tried = trial == null ? null : trial.head(name);
        return tried == null ? own : (pass, base) -> trying() ? tried.value(pass, base) : own.value(pass, base);
    }

    /** Whether the mask is still to be chosen. */
    private boolean trying() {
        return trial != null && !delta.chosen();
    }

    @Override
    public boolean trains(Parameter parameter, Progress progress) {
        boolean tries = trial != null && trial.parameters().contains(parameter);
        return tries ? config.mask() == Mask.LOTTERY_TICKET && trying() : !trying();
    }

    /** {@inheritDoc} The Fisher mask's probes, whose gradients at zero are those of the base's parameters. */
    @Override
    public Optional<Calibration> calibration() {
        return config.mask() == Mask.FISHER && trying()
                ? Optional.of(new Calibration(Calibration.When.START, config.fisherExamples(), trial.changes()))
                : Optional.empty();
    }

    /**
     * {@inheritDoc} Chooses the elements with the largest diagonal of the empirical Fisher information, {@code F = 1/N
     * sum_i (d log p(y_i | x_i) / d theta)^2} (Sung et al. 2021, on the Fisher information of parameters).
     */
    @Override
    public void calibrated(Map<Parameter, Tensor> squares) {
        delta.choose(
                tensors,
                ElementChoice.largest(
                        targets,
                        delta.count(),
                        i -> squares.get(trial.changes().get(i)).floats()));
    }

    /** {@inheritDoc} Ends the trial when its share of the steps is done, unless no step would be left to learn in. */
    @Override
    public void stepped(Progress progress) {
        if (config.mask() != Mask.LOTTERY_TICKET || !trying() || progress.step() >= progress.totalSteps()) {
            return;
        }
        long last = Math.max(1, Math.round(config.trialFraction() * progress.totalSteps()));
        if (progress.step() >= Math.min(last, progress.totalSteps() - 1)) {
            try (Scope scope = tensors.scope()) {
                delta.choose(tensors, tried().choice());
            }
        }
    }

    /** The largest changes of the trial (Ansell et al. 2022, on lottery ticket sparse fine-tuning). */
    private ElementValues tried() {
        return ElementValues.largest(
                targets, delta.count(), i -> trial.changes().get(i).tensor().floats());
    }

    /** What the adapter is now; of a run that ended in its trial, the largest changes so far. */
    private ElementValues now() {
        return trying() ? tried() : delta.now();
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(heads.state());
        if (trying()) {
            state.putAll(trial.headState());
        }
        state.putAll(now().state(tensors, PeftNames::onDisk));
        return state;
    }

    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        Map<String, UnaryOperator<Tensor>> merge = new LinkedHashMap<>(heads.merge());
        if (trying()) {
            merge.putAll(trial.heads().merge());
        }
        merge.putAll(now().merge(tensors));
        return merge;
    }
}
