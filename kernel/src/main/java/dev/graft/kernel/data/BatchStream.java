package dev.graft.kernel.data;

import dev.graft.spi.objective.Example;
import java.util.ArrayList;
import java.util.List;

/** Batches of a data set, epoch after epoch; what comes when depends on the examples, the seed and the position alone. */
public final class BatchStream implements BatchSource {
    private final List<List<Example>> rows;
    private final BatchLayout layout;
    private final boolean shuffle;
    private final long seed;
    private final Draw draw;
    private long epoch;
    private int index;
    private int[] order;

    /**
     * A stream at its beginning.
     *
     * @param examples the data set, at least one
     * @param layout how batches are laid out
     * @param shuffle whether the order changes from epoch to epoch; otherwise it is that of {@code examples}
     * @param seed decides the order
     */
    public BatchStream(List<Example> examples, BatchLayout layout, boolean shuffle, long seed) {
        this(examples, layout, shuffle, seed, Draw.nothing());
    }

    /**
     * A stream at its beginning, of examples that change from epoch to epoch.
     *
     * @param examples the data set, at least one
     * @param layout how batches are laid out
     * @param shuffle whether the order changes from epoch to epoch; otherwise it is that of {@code examples}
     * @param seed decides the order, and what is drawn
     * @param draw what changes
     */
    public BatchStream(List<Example> examples, BatchLayout layout, boolean shuffle, long seed, Draw draw) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("a stream of batches needs at least one example");
        }
        this.rows = layout.packing()
                ? Packing.rows(examples, layout.maxLength())
                : examples.stream().map(List::of).toList();
        this.layout = layout;
        this.shuffle = shuffle;
        this.seed = seed;
        this.draw = draw;
        moveTo(0, 0);
    }

    /** A stream whose batches are padded to their longest row and no further. */
    public BatchStream(
            List<Example> examples,
            int batchSize,
            boolean shuffle,
            long seed,
            boolean packing,
            int maxLength,
            int padToken) {
        this(examples, new BatchLayout(batchSize, packing, maxLength, padToken, 1), shuffle, seed);
    }

    /** The batches of one pass in the order of the examples, for evaluation. */
    public static List<HostBatch> once(List<Example> examples, int batchSize, int padToken) {
        return once(examples, batchSize, padToken, Draw.nothing(), 0);
    }

    /**
     * The batches of one pass in the order of the examples, the same whenever they are asked for.
     *
     * @param draw what is drawn of every example, whoever shares its batch
     * @param seed decides what is drawn
     */
    public static List<HostBatch> once(List<Example> examples, int batchSize, int padToken, Draw draw, long seed) {
        List<HostBatch> batches = new ArrayList<>();
        for (int start = 0; start < examples.size(); start += batchSize) {
            List<Example> part = new ArrayList<>();
            for (int i = start; i < Math.min(examples.size(), start + batchSize); i++) {
                part.addAll(draw.at(List.of(examples.get(i)), seed, "once", i));
            }
            batches.add(HostBatch.padded(part, padToken, 1));
        }
        return batches;
    }

    /** Batches of an epoch; the last one may be smaller than the others. */
    @Override
    public int batchesPerEpoch() {
        return (rows.size() + layout.batchSize() - 1) / layout.batchSize();
    }

    /** The next batch. */
    public HostBatch next() {
        int start = index * layout.batchSize();
        List<List<Example>> chosen = new ArrayList<>();
        for (int i = start; i < Math.min(rows.size(), start + layout.batchSize()); i++) {
            chosen.add(draw.at(rows.get(order[i]), seed, "epoch " + epoch, order[i]));
        }
        HostBatch batch = layout.packing()
                ? HostBatch.packed(chosen, layout.padToken(), layout.multiple())
                : HostBatch.padded(
                        chosen.stream().flatMap(List::stream).toList(), layout.padToken(), layout.multiple());
        boolean last = index + 1 == batchesPerEpoch();
        moveTo(last ? epoch + 1 : epoch, last ? 0 : index + 1);
        return batch;
    }

    @Override
    public long stepsPerEpoch(int most) {
        return ((long) batchesPerEpoch() + most - 1) / most;
    }

    @Override
    public List<HostBatch> step(int most) {
        List<HostBatch> batches = new ArrayList<>();
        long begun = epoch;
        while (batches.size() < most && epoch == begun) {
            batches.add(next());
        }
        return batches;
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
    public void moveTo(long newEpoch, int newIndex) {
        if (newEpoch < 0 || newIndex < 0 || newIndex >= batchesPerEpoch()) {
            throw new IllegalArgumentException("there is no batch " + newIndex + " of epoch " + newEpoch
                    + "; an epoch has " + batchesPerEpoch() + " batches");
        }
        if (order == null || newEpoch != epoch) {
            order = shuffle ? Order.of(rows.size(), seed, "order", newEpoch) : Order.identity(rows.size());
        }
        epoch = newEpoch;
        index = newIndex;
    }
}
