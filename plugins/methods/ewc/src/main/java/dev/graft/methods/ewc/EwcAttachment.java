package dev.graft.methods.ewc;

import dev.graft.methods.ewc.EwcConfig.Fisher;
import dev.graft.methods.ewc.EwcConfig.Mode;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Pulls the parameters of other attachments towards what earlier tasks need; has none of its own. */
final class EwcAttachment implements Attachment {
    private final EwcConfig config;
    private final Tensors tensors;
    private final List<Watched> watched;
    private final List<EarlierTask> earlier;
    private LearnedTask learned;

    /**
     * An attachment.
     *
     * @param watched what is held on to from now on
     * @param earlier the tasks learned before; online, at most one for all of them
     */
    EwcAttachment(EwcConfig config, Tensors tensors, List<Watched> watched, List<EarlierTask> earlier) {
        this.config = config;
        this.tensors = tensors;
        this.watched = watched;
        this.earlier = earlier;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Patches patches() {
        return Patches.builder().build();
    }

    /**
     * {@inheritDoc} {@code lambda/2 sum_t sum_i F_t,i (theta_i - theta*_t,i)^2} over earlier tasks t (Kirkpatrick et al.
     * 2017, in the section on elastic weight consolidation); online there is one t.
     */
    @Override
    public Optional<Tensor> penalty(PatchContext context) {
        return earlier.stream()
                .map(EarlierTask::pull)
                .flatMap(Optional::stream)
                .reduce(Tensor::add)
                .map(sum -> sum.mul(config.lambda() / 2));
    }

    @Override
    public Optional<Calibration> calibration() {
        return Optional.of(new Calibration(
                Calibration.When.END,
                config.fisherExamples(),
                watched.stream().map(Watched::parameter).toList(),
                config.fisher() == Fisher.SAMPLED ? Calibration.Labels.MODEL : Calibration.Labels.DATA));
    }

    /** {@inheritDoc} The task that has been learned is kept as it is now. */
    @Override
    public void calibrated(Map<Parameter, Tensor> squares) {
        learned = LearnedTask.of(watched, squares);
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int task = 0; task < earlier.size(); task++) {
            for (EarlierTask.Held held : earlier.get(task).held()) {
                state.put(EarlierTask.fisherName(task, held.watched()), held.fisher());
                state.put(EarlierTask.anchorName(task, held.watched()), held.anchor());
            }
        }
        if (learned != null) {
            int task = config.mode() == Mode.ONLINE ? 0 : earlier.size();
            learned.values().forEach((one, values) -> {
                state.put(EarlierTask.fisherName(task, one), fisher(one, values));
                state.put(EarlierTask.anchorName(task, one), values.anchor(tensors));
            });
        }
        return state;
    }

    /** Online, {@code F = gamma F_before + F_task} (Schwarz et al. 2018, in the section on online EWC). */
    private Tensor fisher(Watched one, LearnedTask.Values values) {
        Tensor fisher = values.fisher(tensors);
        return config.mode() == Mode.SEPARATE
                ? fisher
                : earlier.stream()
                        .flatMap(task -> task.find(one).stream())
                        .map(held -> held.fisher().mul(config.gamma()).add(fisher))
                        .findFirst()
                        .orElse(fisher);
    }

    /** Makes tensors. */
    Tensors tensors() {
        return tensors;
    }

    /** What this run learned; null before its end. */
    LearnedTask learned() {
        return learned;
    }

    /** Nothing: what consolidates is not there once training has ended. */
    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        return Map.of();
    }
}
