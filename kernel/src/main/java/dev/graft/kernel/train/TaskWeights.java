package dev.graft.kernel.train;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.recipe.MixingSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the losses of a run's tasks count beside each other.
 *
 * <p>With fixed weights {@code w_i} a step minimises {@code w_i L_i}. With uncertainty each task has a log-variance {@code s_i}
 * that learns along from 0, and what is minimised is {@code exp(-s_i) L_i + s_i / 2}: Kendall, Gal and Cipolla 2018, <i>Multi-Task
 * Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics</i> (arXiv:1705.07115), their
 * {@code L / sigma^2 + log sigma} for a likelihood of classes, with {@code s = log sigma^2}, which they learn for stability. The
 * losses of words and labels are such likelihoods; other losses are taken for one. (For regression the first term has half of
 * that weight.) While {@code L_i} stands still, {@code s_i} goes to {@code log 2 L_i}: a task that is hard to
 * get right counts less.
 */
final class TaskWeights {
    private static final String NAME = "task-weights";
    private static final String FIGURE = "log_variance";

    private final Map<String, Parameter> logVariances;
    private final Optional<AttachedAdapter> learnt;

    private TaskWeights(Map<String, Parameter> logVariances, Optional<AttachedAdapter> learnt) {
        this.logVariances = logVariances;
        this.learnt = learnt;
    }

    /** The weights of a recipe, with what there is to learn of them in the memory of a model's engine. */
    static TaskWeights of(Recipe recipe, LoadedModel model) {
        Map<String, Parameter> logVariances = new LinkedHashMap<>();
        if (recipe.mixture().weighting() == MixingSection.Weighting.FIXED) {
            return new TaskWeights(logVariances, Optional.empty());
        }
        AdapterBuilder.Origin origin = new AdapterBuilder.Origin(NAME, "", recipe.mixture());
        Optional<AttachedAdapter> learnt = AdapterBuilder.attach(
                model,
                origin,
                (view, context) -> Optional.of(declare(recipe, context, logVariances)),
                AdapterBuilder.Setting.fresh(NAME, recipe.training().seed()));
        return new TaskWeights(logVariances, learnt);
    }

    private static Attachment declare(Recipe recipe, AttachContext context, Map<String, Parameter> logVariances) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, name -> name);
        for (TaskSection task : recipe.tasks()) {
            ParameterSpec spec = ParameterSpec.of(task.name(), Shape.of(), Initializer.constant(0), Integer.MAX_VALUE)
                    .withoutDecay()
                    .in(ParameterSpec.Storage.RUN);
            logVariances.put(task.name(), attachment.declare(spec));
        }
        return attachment.build();
    }

    /** What learns, to be released with the run; empty where weights are fixed. */
    Optional<AttachedAdapter> learnt() {
        return learnt;
    }

    /** The mean loss of a task as it counts in what is minimised. */
    Tensor weigh(TaskSection task, Tensor loss) {
        Parameter logVariance = logVariances.get(task.name());
        if (logVariance == null) {
            return task.weight() == 1 ? loss : loss.mul(task.weight());
        }
        Tensor s = logVariance.tensor().cast(loss.dtype());
        return loss.mul(s.neg().exp()).add(s.mul(0.5));
    }

    /** The log-variances as they are, by the names under which they are reported. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        logVariances.forEach((task, parameter) ->
                figures.put(task + "/" + FIGURE, parameter.tensor().item()));
        return figures;
    }
}
