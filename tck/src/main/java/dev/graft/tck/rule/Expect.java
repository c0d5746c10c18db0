package dev.graft.tck.rule;

import dev.graft.spi.config.ConfigurationException;
import java.util.Arrays;
import java.util.Objects;

/** What rules expect of what they find; everything else is a {@link RuleBroken}. */
public final class Expect {
    private static final int LONGEST_SENTENCE = 1000;

    private Expect() {}

    /** Something holds. */
    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new RuleBroken(otherwise);
        }
    }

    /** Two things are equal. */
    public static void equal(Object found, Object expected, String what) {
        if (!Objects.equals(found, expected)) {
            throw new RuleBroken(what + ": found " + brief(found) + " where " + brief(expected) + " was expected");
        }
    }

    /** Two rows of numbers are equal to the bit. */
    public static void sameBits(float[] found, float[] expected, String what) {
        close(found, expected, 0, what);
    }

    /** Two rows of numbers differ in something. */
    public static void different(float[] found, float[] other, String what) {
        that(!Arrays.equals(found, other), what);
    }

    /** Two rows of numbers agree; NaN agrees with nothing but NaN. */
    public static void close(float[] found, float[] expected, double tolerance, String what) {
        equal(found.length, expected.length, what + ", number of elements");
        int worst = -1;
        double most = tolerance;
        for (int i = 0; i < found.length; i++) {
            double difference = difference(found[i], expected[i]);
            if (difference > most) {
                worst = i;
                most = difference;
            }
        }
        if (worst >= 0) {
            throw new RuleBroken(what + ": element " + worst + " is " + found[worst] + " where " + expected[worst]
                    + (tolerance == 0 ? " to the bit" : " within " + tolerance) + " was expected");
        }
    }

    private static double difference(float found, float expected) {
        if (Float.floatToIntBits(found) == Float.floatToIntBits(expected) || found == expected) {
            return 0;
        }
        double difference = Math.abs((double) found - expected);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    /** Something that may throw. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    /**
     * Something is refused in one sentence.
     *
     * @return the sentence
     */
    public static String refused(Action action, String what) throws Exception {
        String sentence = refusal(action);
        if (sentence == null) {
            throw new RuleBroken(what + " was not refused");
        }
        return sentence;
    }

    /**
     * Something works, or is refused in one sentence; it fails in no other way.
     *
     * @return the sentence; null where it works
     */
    public static String refusal(Action action) throws Exception {
        try {
            action.run();
            return null;
        } catch (ConfigurationException refusal) {
            return sentence(refusal.getMessage());
        }
    }

    /** A message is one sentence for a person. */
    public static String sentence(String message) {
        that(message != null && !message.isBlank(), "it was refused without a word");
        that(
                !message.contains("\n") && message.length() <= LONGEST_SENTENCE,
                "it was refused with more than one sentence: " + brief(message));
        that(
                !message.contains("Exception") && !message.contains("java.lang."),
                "it was refused with the words of a program: " + brief(message));
        return message;
    }

    private static String brief(Object value) {
        String text = value instanceof float[] floats ? Arrays.toString(floats) : String.valueOf(value);
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
