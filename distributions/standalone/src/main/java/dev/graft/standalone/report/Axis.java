package dev.graft.standalone.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps figures to pixels along one direction.
 *
 * @param low figure at the first pixel
 * @param high figure at the last pixel
 * @param first first pixel
 * @param last last pixel
 */
record Axis(double low, double high, double first, double last) {
    /** An axis over figures with a margin of a twentieth on either side, or around a single figure. */
    static Axis over(double smallest, double largest, double first, double last) {
        double span = largest - smallest;
        double margin = span > 0 ? span / 20 : Math.max(Math.abs(largest), 1e-6) / 2;
        return new Axis(smallest - margin, largest + margin, first, last);
    }

    double pixel(double figure) {
        return first + (figure - low) / (high - low) * (last - first);
    }

    /** Round figures inside the axis: 1, 2 or 5 times a power of ten apart, about as many as asked for. */
    List<Double> ticks(int wanted) {
        double step = roundStep((high - low) / wanted);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A tick as text, with as many digits as the distance between ticks needs. */
    String label(double tick, int wanted) {
        double step = roundStep((high - low) / wanted);
        if (step < 1e-3) {
            return tick == 0 ? "0" : String.format(Locale.ROOT, "%.1e", tick).replace("e-0", "e-");
        }
        int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", tick);
    }

    private static double roundStep(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double mantissa = step / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }
}
