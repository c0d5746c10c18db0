package dev.graft.kernel.train;

import dev.graft.kernel.data.HostBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The evaluation of a run's tasks. With several, {@code loss} is the mean of their losses by the weights of their sections,
 * whatever weights were learnt, so that evaluations compare with each other; the figures of a task follow as {@code task/figure}.
 */
final class TaskEvaluations {
    private static final String LOSS = "loss";

    /** Told how far an evaluation is. */
    @FunctionalInterface
    interface Progress {
        /** So many of so many batches are done. */
        void done(int batches, int total);
    }

    /** The batches of a task. */
    private record Part(RunTask task, List<HostBatch> batches) {}

    private final List<Part> parts = new ArrayList<>();
    private final int total;

    /**
     * An evaluation of those tasks that have data for it.
     *
     * @param seed of training
     */
    TaskEvaluations(List<RunTask> tasks, long seed) {
        for (RunTask task : tasks) {
            List<HostBatch> batches = task.evaluation(seed);
            if (!batches.isEmpty()) {
                parts.add(new Part(task, batches));
            }
        }
        this.total = parts.stream().mapToInt(part -> part.batches().size()).sum();
    }

    /** Whether there is nothing to evaluate on. */
    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The figures of all tasks. */
    Map<String, Double> run(Progress progress) {
        Map<String, Double> figures = new LinkedHashMap<>();
        double sum = 0;
        double weights = 0;
        int before = 0;
        for (Part part : parts) {
            int begun = before;
            Map<String, Double> own = run(part, done -> progress.done(begun + done, total));
            if (part.task().name().isEmpty()) {
                return own;
            }
            double weight = part.task().section().weight();
            sum += weight * own.get(LOSS);
            weights += weight;
            before += part.batches().size();
            own.forEach((name, figure) -> figures.put(part.task().called(name, "/"), figure));
        }
        Map<String, Double> all = new LinkedHashMap<>();
        all.put(LOSS, sum / weights);
        all.putAll(figures);
        return all;
    }

    private static Map<String, Double> run(Part part, IntConsumer progress) {
        RunTask task = part.task();
        return Evaluation.run(
                task.actor(),
                task.model().tensors(),
                task.objective(),
                part.batches(),
                task.data().labels(),
                progress);
    }
}
