package dev.graft.kernel.train;

import dev.graft.spi.objective.Experience;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What happens in a training run, in order. */
public sealed interface TrainingEvent {
    /**
     * The model is loaded and the data read.
     *
     * @param trainableParameters number of trainable elements
     * @param allParameters number of elements of base and attachments together
     * @param trainExamples examples to train on
     * @param evalExamples examples to evaluate on
     * @param firstStep steps already done by the run that is resumed, else 0
     * @param totalSteps steps planned
     * @param notes what a person should know about the data, such as records that were skipped
     * @param engine what does the arithmetic
     */
    record Started(
            long trainableParameters,
            long allParameters,
            int trainExamples,
            int evalExamples,
            long firstStep,
            long totalSteps,
            List<String> notes,
            String engine)
            implements TrainingEvent {}

    /**
     * An optimizer step was done.
     *
     * @param step its number, from 1
     * @param totalSteps steps planned
     * @param epoch passes over the data done, with their fraction
     * @param loss mean loss of the step before the update
     * @param learningRate rate of the step
     * @param gradientNorm norm of all gradients before clipping
     * @param tokens tokens that went through the model in this step, padding left out
     * @param seconds time the step took
     * @param metrics further figures of the objective
     */
    record Stepped(
            long step,
            long totalSteps,
            double epoch,
            double loss,
            double learningRate,
            double gradientNorm,
            long tokens,
            double seconds,
            Map<String, Double> metrics)
            implements TrainingEvent {}

    /**
     * The model answered a portion of the data, to learn from its own answers.
     *
     * @param step optimizer steps done before it
     * @param figures what the objective says of the answers, in the order to show it
     * @param answers some or all of the answers
     * @param tokens tokens of prompts and answers
     * @param seconds time it took
     */
    record RolledOut(
            long step, Map<String, Double> figures, List<Experience.Scored> answers, long tokens, double seconds)
            implements TrainingEvent {}

    /**
     * An evaluation is under way.
     *
     * @param done batches done
     * @param total batches of the evaluation
     */
    record Evaluating(int done, int total) implements TrainingEvent {}

    /**
     * An evaluation was made.
     *
     * @param step optimizer steps done before it
     * @param figures its figures in the order to show them
     * @param best whether it is the best so far
     */
    record Evaluated(long step, Map<String, Double> figures, boolean best) implements TrainingEvent {}

    /**
     * A sample was generated for a person to look at.
     *
     * @param step optimizer steps done before it
     * @param prompt what was asked
     * @param answer what the model made of it
     */
    record Shown(long step, String prompt, String answer) implements TrainingEvent {}

    /**
     * A checkpoint to resume from was written.
     *
     * @param step optimizer steps done
     * @param directory where it is
     */
    record Saved(long step, Path directory) implements TrainingEvent {}

    /**
     * The run was asked to stop, and did before its end.
     *
     * @param step optimizer steps done, all of them in a checkpoint
     * @param totalSteps steps planned
     */
    record Stopped(long step, long totalSteps) implements TrainingEvent {}

    /**
     * The run ended.
     *
     * @param steps optimizer steps done
     * @param adapter directory of the adapter
     * @param seconds time the run took, without what was done before resuming
     * @param stoppedEarly whether it ended because evaluation no longer improved
     */
    record Finished(long steps, Path adapter, double seconds, boolean stoppedEarly) implements TrainingEvent {}
}
