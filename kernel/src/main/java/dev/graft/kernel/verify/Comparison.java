package dev.graft.kernel.verify;

import java.util.ArrayList;
import java.util.List;

/** Gathers the differences of one case and judges them. */
final class Comparison {
    private final List<String> complaints = new ArrayList<>();
    private Double maxAbsError;
    private Double maxRelLossError;

    /** Compares logits where {@code compared} says so; NaN counts as an infinite difference. */
    void logits(String what, float[] expected, float[] found, boolean[] compared, double tolerance) {
        if (expected.length != found.length) {
            complaints.add(what + " have " + found.length + " elements instead of " + expected.length);
            return;
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            if (compared[i]) {
                double difference = Math.abs((double) expected[i] - found[i]);
                worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            }
        }
        maxAbsError = maxAbsError == null ? worst : Math.max(maxAbsError, worst);
        if (worst > tolerance) {
            complaints.add(what + " differ by " + worst + ", more than " + tolerance);
        }
    }

    /** Compares one loss of a trajectory. */
    void loss(int step, double expected, double found, double tolerance) {
        double error = Math.abs(expected - found) / Math.max(Math.abs(expected), 1e-12);
        error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        maxRelLossError = maxRelLossError == null ? error : Math.max(maxRelLossError, error);
        if (error > tolerance) {
            complaints.add("loss " + step + " is " + found + " instead of " + expected);
        }
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
        return new CaseReport(name, status, maxAbsError, maxRelLossError, String.join("; ", complaints));
    }
}
