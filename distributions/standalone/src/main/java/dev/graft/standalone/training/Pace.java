package dev.graft.standalone.training;

import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.terminal.Duration;
import java.util.List;
import java.util.Locale;

/** Where training stands and how fast it goes, from its steps so far. */
final class Pace {
    private static final double KEPT = 0.9;

    private double lossSum;
    private double lossWeight;
    private long steps;
    private long tokens;
    private double seconds;
    private TrainingEvent.Stepped last;

    /** Takes a step in. */
    void add(TrainingEvent.Stepped stepped) {
        lossSum = KEPT * lossSum + (1 - KEPT) * stepped.loss();
        lossWeight = KEPT * lossWeight + (1 - KEPT);
        steps++;
        tokens += stepped.tokens();
        seconds += stepped.seconds();
        last = stepped;
    }

    /** Takes in the time that answers to learn from took. */
    void add(TrainingEvent.RolledOut rollout) {
        seconds += rollout.seconds();
    }

    /** Steps planned; 1 before the first was taken. */
    long totalSteps() {
        return last == null ? 1 : last.totalSteps();
    }

    /** Share of the steps that are done. */
    double fraction() {
        return (double) last.step() / last.totalSteps();
    }

    /** Exponential mean of the losses, the earliest ones not favoured. */
    double loss() {
        return lossSum / lossWeight;
    }

    /** Seconds that the remaining steps take if they go as those so far. */
    double remaining() {
        return (last.totalSteps() - last.step()) * seconds / steps;
    }

    /** What to show, what matters most first. */
    List<String> parts() {
        return List.of(
                "step " + last.step() + "/" + last.totalSteps(),
                String.format(Locale.ROOT, "loss %.4f", loss()),
                String.format(Locale.ROOT, "lr %.2e", last.learningRate()),
                String.format(Locale.ROOT, "%,.0f tok/s", seconds == 0 ? 0 : tokens / seconds),
                "ETA " + Duration.text(remaining()));
    }
}
