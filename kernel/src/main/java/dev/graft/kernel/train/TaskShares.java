package dev.graft.kernel.train;

import dev.graft.kernel.recipe.MixingSection;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many batches of an epoch are each task's. Sampling by temperature {@code T} gives a task of size {@code e} a share that goes
 * by {@code e^(1/T)}: Raffel et al. 2020, <i>Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer</i>,
 * temperature-scaled mixing. {@code T = 1} is sampling by size, and large {@code T} nears equal shares. The size of a task is the number of
 * batches that its data make.
 */
final class TaskShares {
    private TaskShares() {}

    /**
     * The counts, each at least 1, which add up to the batches of all tasks.
     *
     * @param sizes batches of each task's data, each at least 1
     */
    static int[] of(MixingSection mixing, int[] sizes) {
        double exponent = switch (mixing.sampling()) {
            case PROPORTIONAL -> 1;
            case EQUAL -> 0;
            case TEMPERATURE -> 1 / mixing.temperature();
        };
        double[] weights = Arrays.stream(sizes)
                .mapToDouble(size -> Math.pow(size, exponent))
                .toArray();
        double all = Arrays.stream(weights).sum();
        int total = Arrays.stream(sizes).sum();
        double[] shares =
                Arrays.stream(weights).map(weight -> total * weight / all).toArray();
        return rounded(shares, total);
    }

    /** Whole numbers of at least 1 with the same sum: one more, or one less, where that is least wrong. */
    private static int[] rounded(double[] shares, int total) {
        int[] counts = Arrays.stream(shares)
                .mapToInt(share -> Math.max(1, (int) Math.round(share)))
                .toArray();
        for (int sum = Arrays.stream(counts).sum(); sum != total; sum += sum < total ? 1 : -1) {
            int change = sum < total ? 1 : -1;
            int most = IntStream.range(0, counts.length)
                    .filter(i -> counts[i] + change >= 1)
                    .boxed()
                    .max((i, j) -> Double.compare(change * (shares[i] - counts[i]), change * (shares[j] - counts[j])))
                    .orElseThrow();
            counts[most] += change;
        }
        return counts;
    }
}
