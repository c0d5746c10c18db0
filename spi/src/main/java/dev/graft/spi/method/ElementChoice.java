package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.RandomStream;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Some of the elements of {@link TargetedParameters}.
 *
 * @param bounds where the elements of each parameter begin among all that are chosen, and at the end their number:
 *     {@code [parameters + 1]}
 * @param indices the chosen elements' positions in their own parameter, row by row, rising within each: {@code [chosen]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record ElementChoice(long[] bounds, long[] indices) {
    private static final int HALF = 16;
    private static final int LOW = (1 << HALF) - 1;
    private static final int INFINITY = Float.floatToIntBits(Float.POSITIVE_INFINITY);

    /** Number of elements of one parameter that are chosen. */
    public int count(int parameter) {
        return Math.toIntExact(bounds[parameter + 1] - bounds[parameter]);
    }

    /**
     * The elements with the largest scores over all parameters; among equal ones those that come first. Scores are asked
     * for three times and held for one parameter at a time: their bit patterns order as they do, so that two counts by
     * halves of the pattern find the smallest score that is chosen.
     *
     * @param count how many
     * @param scores a parameter's scores, not negative, row by row
     * @throws ConfigurationException if a score is not a number
     */
    public static ElementChoice largest(TargetedParameters parameters, long count, IntFunction<float[]> scores) {
        int number = parameters.all().size();
        long[] high = new long[1 << HALF];
        for (int i = 0; i < number; i++) {
            for (float score : scores.apply(i)) {
                high[bits(score, parameters.all().get(i)) >>> HALF]++;
            }
        }
        long wanted = count;
        int upper = bucket(high, wanted);
        wanted -= above(high, upper);
        long[] low = new long[1 << HALF];
        for (int i = 0; i < number; i++) {
            for (float score : scores.apply(i)) {
                int bits = bits(score, parameters.all().get(i));
                if (bits >>> HALF == upper) {
                    low[bits & LOW]++;
                }
            }
        }
        int lower = bucket(low, wanted);
        wanted -= above(low, lower);
        return collect(parameters, count, scores, upper << HALF | lower, wanted);
    }

    private static ElementChoice collect(
            TargetedParameters parameters, long count, IntFunction<float[]> scores, int smallest, long ties) {
        int number = parameters.all().size();
        long[] bounds = new long[number + 1];
        long[] indices = new long[Math.toIntExact(count)];
        int next = 0;
        long left = ties;
        for (int i = 0; i < number; i++) {
            float[] own = scores.apply(i);
            for (int element = 0; element < own.length; element++) {
                int bits = bits(own[element], parameters.all().get(i));
                if (bits > smallest || (bits == smallest && left-- > 0)) {
                    indices[next++] = element;
                }
            }
            bounds[i + 1] = next;
        }
        return new ElementChoice(bounds, indices);
    }

    /** The bucket that holds the last of so many scores, counted from the largest. */
    private static int bucket(long[] counts, long wanted) {
        long seen = 0;
        int bucket = counts.length;
        while (seen < wanted) {
            seen += counts[--bucket];
        }
        return bucket;
    }

    private static long above(long[] counts, int bucket) {
        return Arrays.stream(counts, bucket + 1, counts.length).sum();
    }

    private static int bits(float score, TargetedParameters.Target target) {
        int bits = Float.floatToIntBits(score == 0 ? 0f : score);
        if (bits < 0 || bits > INFINITY) {
            throw new ConfigurationException("elements of " + target.name() + " cannot be ranked, since one of them has"
                    + " the score " + score + ": lower schedule.learning_rate, or look for bad data");
        }
        return bits;
    }

    /**
     * Elements drawn at random, each set of this size as likely as any other, by selection sampling (Knuth, The Art of
     * Computer Programming, volume 2, section 3.4.2, algorithm S).
     *
     * @param count how many
     */
    public static ElementChoice random(TargetedParameters parameters, long count, RandomStream random) {
        long[] bounds = new long[parameters.all().size() + 1];
        long[] indices = new long[Math.toIntExact(count)];
        long unseen = parameters.elements();
        int next = 0;
        for (int i = 0; i < parameters.all().size(); i++) {
            long elements = parameters.all().get(i).elements();
            for (long element = 0; element < elements; element++, unseen--) {
                if (unseen * random.nextDouble() < count - next) {
                    indices[next++] = element;
                }
            }
            bounds[i + 1] = next;
        }
        return new ElementChoice(bounds, indices);
    }
}
