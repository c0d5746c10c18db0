package dev.graft.kernel.train;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One optimizer step: the losses of its batches, their gradients, clipping and the update. */
public final class OptimizerStep {
    /**
     * What is trained and how.
     *
     * @param model the base
     * @param parameters the adapters' parameters
     * @param objective what is minimised
     * @param optimizer what updates
     * @param clipNorm greatest norm of all gradients together; 0 = no limit
     * @param checkpointing whether blocks are recomputed in the backward pass
     */
    public record Setting(
            LoadedModel model,
            TrainedParameters parameters,
            Objective objective,
            Optimizer optimizer,
            double clipNorm,
            boolean checkpointing) {}

    /**
     * What a step came to.
     *
     * @param loss mean loss before the update, penalties of adapters left out; of several tasks the mean by their batches and
     *     the weights of their sections
     * @param gradientNorm norm of all gradients before clipping
     * @param metrics further figures of the objective, and {@link #PENALTY} where adapters have one; of several tasks
     *     those of each that had a batch, its loss among them
     */
    public record Result(double loss, double gradientNorm, Map<String, Double> metrics) {}

    /** What metrics call the sum of the penalties of all adapters. */
    public static final String PENALTY = "penalty";

    private final Setting setting;
    private final GraftTensors tensors;

    /** A step to be taken any number of times. */
    public OptimizerStep(Setting setting) {
        this.setting = setting;
        this.tensors = setting.model().tensors();
    }

    /**
     * Takes the step.
     *
     * @param batches what to learn from, each made inside the scope it is freed with
     * @param rates learning rate by a parameter's layer
     * @param progress where the run is before the step
     * @param random numbers for dropout
     * @throws ConfigurationException if the loss or a gradient is not finite; parameters are then unchanged
     */
    public Result take(
            List<Function<Tensors, Batch>> batches,
            Function<Integer, Double> rates,
            Progress progress,
            RandomStream random) {
        Learning alone = Learning.alone(setting.model(), setting.parameters().adapters(), setting.objective());
        return takeMixed(
                batches.stream()
                        .map(batch -> new Learning.Portion(alone, batch))
                        .toList(),
                rates,
                progress,
                random);
    }

    /**
     * Takes the step with batches that may belong to several tasks. The loss of a task is its mean over all of its batches;
     * it counts by their number.
     *
     * @param portions what to learn from
     * @param rates learning rate by a parameter's layer
     * @param progress where the run is before the step
     * @param random numbers for dropout
     * @throws ConfigurationException if the loss or a gradient is not finite; parameters are then unchanged
     */
    public Result takeMixed(
            List<Learning.Portion> portions, Function<Integer, Double> rates, Progress progress, RandomStream random) {
        List<TrainedParameters.Named> trained = setting.parameters().trainedAt(progress);
        try (TaskGradients gradients = new TaskGradients(tensors.engine(), trained.size())) {
            for (Learning.Portion portion : portions) {
                accumulate(portion, trained, gradients, progress, random);
            }
            GradientSum sum = gradients.sum();
            double norm = sum.norm();
            if (!Double.isFinite(norm)) {
                throw new ConfigurationException("the gradients at step " + (progress.step() + 1)
                        + " are not finite (norm " + norm + "): lower schedule.learning_rate, or look for bad data;"
                        + " parameters were left as they were");
            }
            if (setting.clipNorm() > 0 && norm > setting.clipNorm()) {
                sum.scale(setting.clipNorm() / (norm + 1e-6));
            }
            update(trained, sum, rates);
            return new Result(gradients.loss(), norm, gradients.figures());
        }
    }

    private void accumulate(
            Learning.Portion portion,
            List<TrainedParameters.Named> trained,
            TaskGradients sums,
            Progress progress,
            RandomStream random) {
        Learning learning = portion.learning();
        RowAssignment rows = RowAssignment.all(learning.adapters());
        PassOptions options = PassOptions.training(random, setting.checkpointing());
        try (Scope scope = tensors.scope()) {
            Batch batch = portion.batch().apply(tensors);
            Loss loss = learning.objective().loss(new ModelRunner(learning.model(), rows, options), batch);
            if (loss.weight() == 0) {
                return;
            }
            Tensor mean = loss.sum().mul(1 / loss.weight());
            double value = mean.item();
            if (!Double.isFinite(value)) {
                throw new ConfigurationException("the loss at step " + (progress.step() + 1) + " is " + value
                        + ": lower schedule.learning_rate, or look for bad data; parameters were left as they were");
            }
            Optional<Tensor> penalty = penalty(learning, options);
            Tensor weighed = learning.weigh().apply(mean);
            Tensor total = penalty.map(weighed::add).orElse(weighed);
            List<Tensor> leaves =
                    trained.stream().map(named -> named.parameter().tensor()).toList();
            try (Gradients gradients = tensors.backward(total, leaves)) {
                Array[] arrays = leaves.stream().map(gradients::take).toArray(Array[]::new);
                sums.add(learning, arrays, value, loss);
            }
            penalty.ifPresent(
                    term -> sums.figure(learning.figure(PENALTY), term.item() * loss.weight(), loss.weight()));
        }
    }

    private Optional<Tensor> penalty(Learning learning, PassOptions options) {
        PatchContext context = new PenaltyContext(tensors, options.random());
        return learning.adapters().stream()
                .map(adapter -> adapter.attachment().penalty(context))
                .flatMap(Optional::stream)
                .reduce(Tensor::add);
    }

    private void update(List<TrainedParameters.Named> trained, GradientSum sum, Function<Integer, Double> rates) {
        List<Optimizer.Update> updates = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            TrainedParameters.Named named = trained.get(i);
            if (sum.gradient(i) != null) {
                var spec = named.parameter().spec();
                updates.add(new Optimizer.Update(
                        named.name(),
                        named.adapter().array(named.parameter()),
                        sum.gradient(i),
                        rates.apply(spec.layer()),
                        spec.decay()));
            }
        }
        setting.optimizer().step(tensors.engine(), updates);
    }

    private record PenaltyContext(Tensors tensors, RandomStream random) implements PatchContext {
        @Override
        public boolean training() {
            return true;
        }

        @Override
        public Tensor linear(LinearSite site, Tensor x) {
            throw new IllegalStateException("a penalty is no part of a pass, where layers could be run");
        }
    }
}
