package dev.graft.kernel.verify;

import java.util.ArrayList;
import java.util.List;

/** Gathers the differences of one case and judges them. */
final class Comparison {
    /** What single precision leaves of a loss, which is a difference of logits of about ten: all that remains near zero. */
    private static final double LOSS_ROUNDING = 1e-6;

    private final List<String> complaints = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private Double maxAbsError;
    private Double maxRelLossError;

    /** Compares logits where {@code compared} says so. */
    void logits(String what, float[] expected, float[] found, boolean[] compared, double tolerance) {
        double worst = largest(expected, found, compared);
        maxAbsError = maxAbsError == null ? worst : Math.max(maxAbsError, worst);
        if (worst > tolerance) {
            complaints.add(what + " differ by " + worst + ", more than " + tolerance);
        }
    }

    /** The largest difference; NaN and unequal lengths count as infinite. */
    static double largest(float[] expected, float[] found, boolean[] compared) {
        if (expected.length != found.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            if (compared == null || compared[i]) {
                double difference = Math.abs((double) expected[i] - found[i]);
                worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            }
        }
        return worst;
    }

    /**
     * Compares one loss of a trajectory.
     *
     * @param tolerance relative
     * @param movement absolute difference that is rounding
     */
    void loss(int step, double expected, double found, double tolerance, double movement) {
        double difference = Math.abs(expected - found);
        double error = difference / Math.max(Math.abs(expected), 1e-12);
        error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        maxRelLossError = maxRelLossError == null ? error : Math.max(maxRelLossError, error);
        if (error > tolerance && !(difference <= Math.max(movement, LOSS_ROUNDING))) {
            complaints.add("loss " + step + " is " + found + " instead of " + expected);
        }
    }

    /** Compares values of any size: an absolute difference is allowed, and a share of what is expected beside it. */
    void values(String what, float[] expected, float[] found, double absolute, double relative) {
        scaled(what, expected, found, absolute, 0, relative);
    }

    /**
     * Compares values of any size.
     *
     * @param absolute difference allowed everywhere
     * @param ofLargest difference allowed everywhere beside it, as a share of the largest value expected
     * @param relative difference allowed beside both, as a share of each value
     */
    void scaled(String what, float[] expected, float[] found, double absolute, double ofLargest, double relative) {
        double largest = largest(expected);
        double worst = largest(expected, found, null);
        maxAbsError = maxAbsError == null ? worst : Math.max(maxAbsError, worst);
        boolean close = expected.length == found.length;
        for (int i = 0; close && i < expected.length; i++) {
            double allowed = absolute + ofLargest * largest + relative * Math.abs(expected[i]);
            close = Math.abs((double) expected[i] - found[i]) <= allowed;
        }
        require(close, what + " differs by " + worst + ", its largest value being " + largest);
    }

    /** The largest size of a value. */
    static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Says something about a case that passes. */
    void remark(String text) {
        remarks.add(text);
    }

    boolean clean() {
        return complaints.isEmpty();
    }

    /** Compares two numbers by their relative difference. */
    void relative(String what, double expected, double found, double tolerance) {
        double error = Math.abs(expected - found) / Math.max(Math.abs(expected), 1e-12);
        if (!(error <= tolerance)) {
            complaints.add(what + " is " + found + " instead of " + expected);
        }
    }

    /** Complains unless a condition holds. */
    void require(boolean holds, String complaint) {
        if (!holds) {
            complaints.add(complaint);
        }
    }

    CaseReport report(String name) {
        CaseReport.Status status = complaints.isEmpty() ? CaseReport.Status.PASS : CaseReport.Status.FAIL;
        List<String> texts = complaints.isEmpty() ? remarks : complaints;
        return new CaseReport(name, status, maxAbsError, maxRelLossError, String.join("; ", texts));
    }
}
