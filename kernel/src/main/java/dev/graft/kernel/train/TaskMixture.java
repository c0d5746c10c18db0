package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.data.Order;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of several tasks. An epoch has as many batches as all data sets together; how many of them are each task's, the
 * shares say, and in which order they come is drawn anew for every epoch from the seed and its number. Each task goes through
 * its own data, epoch after epoch, at the pace of its batches, so what comes when depends on data, seed and position alone.
 */
final class TaskMixture implements BatchSource {
    /**
     * A batch of one of the tasks.
     *
     * @param task the task's number
     * @param batch the batch
     */
    record Mixed(int task, HostBatch batch) {}

    private final List<BatchSource> sources;
    private final int[] counts;
    private final long seed;
    private long epoch;
    private int index;
    private int[] schedule;

    /**
     * A mixture at its beginning.
     *
     * @param sources the batches of each task, whose steps of one batch are one batch
     * @param counts batches of each task in an epoch, at least 1
     * @param seed decides the order
     */
    TaskMixture(List<? extends BatchSource> sources, int[] counts, long seed) {
        this.sources = List.copyOf(sources);
        this.counts = counts.clone();
        this.seed = seed;
        moveTo(0, 0);
    }

    /** The batches of the next step, each with its task. */
    List<Mixed> mixed(int most) {
        List<Mixed> batches = new ArrayList<>();
        long begun = epoch;
        while (batches.size() < most && epoch == begun) {
            int task = schedule[index];
            batches.add(new Mixed(task, sources.get(task).step(1).get(0)));
            advance();
        }
        return batches;
    }

    @Override
    public List<HostBatch> step(int most) {
        return mixed(most).stream().map(Mixed::batch).toList();
    }

    private void advance() {
        index++;
        if (index == schedule.length) {
            epoch++;
            index = 0;
            schedule = schedule(epoch);
        }
    }

    /** The tasks of an epoch's batches in their order. */
    private int[] schedule(long ofEpoch) {
        int[] inRow = new int[batchesPerEpoch()];
        int at = 0;
        for (int task = 0; task < counts.length; task++) {
            for (int i = 0; i < counts[task]; i++) {
                inRow[at++] = task;
            }
        }
        int[] order = Order.of(inRow.length, seed, "tasks", ofEpoch);
        int[] shuffled = new int[inRow.length];
        for (int i = 0; i < shuffled.length; i++) {
            shuffled[i] = inRow[order[i]];
        }
        return shuffled;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int batchesPerEpoch() {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    @Override
    public long stepsPerEpoch(int most) {
        return ((long) batchesPerEpoch() + most - 1) / most;
    }

    @Override
    public void moveTo(long newEpoch, int newIndex) {
        if (newEpoch < 0 || newIndex < 0 || newIndex >= batchesPerEpoch()) {
            throw new IllegalArgumentException("there is no batch " + newIndex + " of epoch " + newEpoch
                    + "; an epoch has " + batchesPerEpoch() + " batches");
        }
        epoch = newEpoch;
        index = newIndex;
        schedule = schedule(newEpoch);
        for (int task = 0; task < counts.length; task++) {
            long done = newEpoch * counts[task];
            for (int i = 0; i < newIndex; i++) {
                done += schedule[i] == task ? 1 : 0;
            }
            int perEpoch = sources.get(task).batchesPerEpoch();
            sources.get(task).moveTo(done / perEpoch, (int) (done % perEpoch));
        }
    }
}
