package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchLayout;
import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run learns from: the data of its tasks, mixed, or what the model answers to those of its only one.
 *
 * @param source the batches
 * @param mixture the source as a mixture of tasks; null where the recipe has but one
 */
record RunBatches(BatchSource source, TaskMixture mixture) {
    /**
     * The batches of a run.
     *
     * @param answering has the model answer, where the objective learns from that
     */
    static RunBatches of(Workshop workshop, RolloutStream.Answering answering) {
        Recipe recipe = workshop.recipe();
        long seed = recipe.training().seed();
        if (!recipe.mixesTasks()) {
            RunTask task = workshop.tasks().get(0);
            return new RunBatches(alone(task, task.dataSeed(seed), answering), null);
        }
        List<BatchStream> streams = new ArrayList<>();
        for (RunTask task : workshop.tasks()) {
            long own =
                    RandomStream.seeded(task.dataSeed(seed)).fork(task.name()).seed();
            DataSection data = task.section().data();
            streams.add(new BatchStream(task.data().train(), layout(task), data.shuffle(), own, task.draw()));
        }
        int[] sizes = streams.stream().mapToInt(BatchStream::batchesPerEpoch).toArray();
        TaskMixture mixture = new TaskMixture(streams, TaskShares.of(recipe.mixture(), sizes), seed);
        return new RunBatches(mixture, mixture);
    }

    private static BatchSource alone(RunTask task, long seed, RolloutStream.Answering answering) {
        List<Example> train = task.data().train();
        boolean shuffle = task.section().data().shuffle();
        BatchLayout layout = layout(task);
        Draw draw = task.draw();
        Optional<Rollouts> rollouts = task.objective().rollouts();
        if (rollouts.isEmpty()) {
            return new BatchStream(train, layout, shuffle, seed, draw);
        }
        BatchLayout portions =
                new BatchLayout(rollouts.get().prompts(), false, layout.maxLength(), layout.padToken(), 1);
        BatchStream prompts = new BatchStream(train, portions, shuffle, seed, draw);
        return new RolloutStream(prompts, train.size(), rollouts.get(), layout, seed, answering);
    }

    private static BatchLayout layout(RunTask task) {
        DataSection data = task.section().data();
        return new BatchLayout(data.batchSize(), data.packing(), data.maxLength(), task.padToken(), 1);
    }

    /** The batches of the next step, each with the number of its task. */
    List<TaskMixture.Mixed> step(int most) {
        return mixture != null
                ? mixture.mixed(most)
                : source.step(most).stream()
                        .map(batch -> new TaskMixture.Mixed(0, batch))
                        .toList();
    }
}
