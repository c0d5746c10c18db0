package dev.graft.kernel.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far rounding alone moves a trajectory. Optimizers that divide a gradient by its own size turn rounding in
 * gradients near zero into full steps, and some trajectories amplify that: the reference implementation, run again on
 * another machine, then misses its own figures. Such a trajectory is judged within what it moves by when the first
 * values of its parameters are changed by one part in ten million.
 *
 * @param losses largest movement of each loss, absolute
 * @param logits largest movement of a trained logit
 * @param state largest movement of an element of each trained tensor
 */
record Conditioning(double[] losses, double logits, Map<String, Double> state) {
    /** Differences up to this many times what was seen to move count as rounding: a few runs see not the largest. */
    private static final double MARGIN = 2;

    /** Nothing moves. */
    static Conditioning perfect(int losses) {
        return new Conditioning(new double[losses], 0, Map.of());
    }

    /** Measures a trajectory by runs from slightly changed beginnings. */
    static Conditioning of(Trajectory plain, List<Trajectory> changed, boolean[] compared) {
        double[] losses = new double[plain.losses().length];
        double logits = 0;
        Map<String, Double> state = new HashMap<>();
        for (Trajectory run : changed) {
            for (int i = 0; i < losses.length; i++) {
                losses[i] = Math.max(losses[i], Math.abs(run.losses()[i] - plain.losses()[i]));
            }
            logits = Math.max(logits, finite(Comparison.largest(plain.logits(), run.logits(), compared)));
            plain.state()
                    .forEach((name, values) -> state.merge(
                            name,
                            MARGIN
                                    * finite(Comparison.largest(
                                            values, run.state().get(name), null)),
                            Math::max));
        }
        double[] widened =
                Arrays.stream(losses).map(loss -> finite(loss) * MARGIN).toArray();
        return new Conditioning(widened, logits * MARGIN, state);
    }

    /** A trajectory that leaves the finite numbers is no measure of rounding, and excuses nothing. */
    private static double finite(double movement) {
        return Double.isFinite(movement) ? movement : 0;
    }
}
