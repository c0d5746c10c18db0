package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchLayout;
import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.data.Order;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.RandomStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of what the model itself answered. Before the first batch of every portion its prompts are answered; the experience
 * is then gone through in passes, each in an order of its own. A checkpoint within a portion holds the experience, so
 * that nothing has to be answered again by a model that has learnt since.
 */
final class RolloutStream implements BatchSource {
    /** Has a portion answered. */
    @FunctionalInterface
    interface Answering {
        /** One example of experience for each prompt, in order. */
        List<Example> answer(List<Example> prompts, RandomStream random);
    }

    private final BatchStream prompts;
    private final int size;
    private final Rollouts rollouts;
    private final BatchLayout layout;
    private final long seed;
    private final Answering answering;
    private long epoch;
    private int index;
    private ExperienceFile.Portion experience;

    /**
     * A stream at its beginning.
     *
     * @param prompts portions of prompts
     * @param size number of all prompts
     * @param rollouts how large portions are and how often they are gone through
     * @param layout how batches of experience are laid out
     * @param seed decides orders and answers
     */
    RolloutStream(
            BatchStream prompts, int size, Rollouts rollouts, BatchLayout layout, long seed, Answering answering) {
        this.prompts = prompts;
        this.size = size;
        this.rollouts = rollouts;
        this.layout = layout;
        this.seed = seed;
        this.answering = answering;
    }

    @Override
    public void prepare() {
        int portion = portion();
        if (experience != null && experience.epoch() == epoch && experience.number() == portion) {
            return;
        }
        if (within() != 0) {
            throw new ConfigurationException(
                    "a checkpoint at batch " + index + " of an epoch lacks the answers that were being learnt from");
        }
        prompts.moveTo(epoch, portion);
        List<Example> asked = prompts.next().examples();
        RandomStream random = RandomStream.seeded(seed).fork("rollout " + epoch + " " + portion);
        List<Example> answered = answering.answer(asked, random);
        if (answered.size() != asked.size()) {
            throw new IllegalStateException("the objective made " + answered.size() + " examples of experience of "
                    + asked.size() + " prompts; there must be one for each");
        }
        experience = new ExperienceFile.Portion(epoch, portion, answered);
    }

    @Override
    public List<HostBatch> step(int most) {
        prepare();
        List<HostBatch> batches = new ArrayList<>();
        int portion = portion();
        long begun = epoch;
        while (batches.size() < most && epoch == begun && portion() == portion) {
            batches.add(next());
        }
        return batches;
    }

    private HostBatch next() {
        int place = within();
        int perPass = batchesPerPass(portion());
        List<Example> examples = experience.examples();
        int[] order =
                Order.of(examples.size(), seed, "experience " + epoch + " " + portion() + " " + place / perPass, 0);
        int start = place % perPass * layout.batchSize();
        List<Example> chosen = new ArrayList<>();
        for (int i = start; i < Math.min(examples.size(), start + layout.batchSize()); i++) {
            chosen.add(examples.get(order[i]));
        }
        boolean last = index + 1 == batchesPerEpoch();
        moveTo(last ? epoch + 1 : epoch, last ? 0 : index + 1);
        return HostBatch.padded(chosen, layout.padToken(), layout.multiple());
    }

    /** All portions but the last have as many batches as the first. */
    private int portion() {
        return index / batches(0);
    }

    /** Place of the next batch in its portion. */
    private int within() {
        return index - portion() * batches(0);
    }

    private int batches(int portion) {
        return rollouts.passes() * batchesPerPass(portion);
    }

    private int batchesPerPass(int portion) {
        int examples = Math.min(rollouts.prompts(), size - portion * rollouts.prompts());
        return (examples + layout.batchSize() - 1) / layout.batchSize();
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
        int last = prompts.batchesPerEpoch() - 1;
        return last * batches(0) + batches(last);
    }

    @Override
    public long stepsPerEpoch(int most) {
        int last = prompts.batchesPerEpoch() - 1;
        return (long) last * steps(batches(0), most) + steps(batches(last), most);
    }

    private static int steps(int batches, int most) {
        return (batches + most - 1) / most;
    }

    @Override
    public void moveTo(long newEpoch, int newIndex) {
        if (newEpoch < 0 || newIndex < 0 || newIndex >= batchesPerEpoch()) {
            throw new IllegalArgumentException("there is no batch " + newIndex + " of epoch " + newEpoch
                    + "; an epoch has " + batchesPerEpoch() + " batches");
        }
        epoch = newEpoch;
        index = newIndex;
    }

    @Override
    public void write(Path directory) {
        if (within() != 0) {
            ExperienceFile.write(directory, experience);
        }
    }

    @Override
    public void read(Path directory) {
        experience = ExperienceFile.read(directory).orElse(null);
    }
}
