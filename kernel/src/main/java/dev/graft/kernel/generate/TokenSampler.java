package dev.graft.kernel.generate;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.RandomStream;
import java.util.Arrays;
import java.util.BitSet;

/** Chooses the tokens of one row. Knows what the row holds, for the repetition penalty. */
final class TokenSampler {
    private final SamplingOptions options;
    private final RandomStream random;
    private final BitSet seen = new BitSet();
    private int chosen;

    TokenSampler(SamplingOptions options, int[] prompt) {
        this.options = options;
        this.random = RandomStream.seeded(options.seed());
        Arrays.stream(prompt).forEach(seen::set);
    }

    /**
     * The next token.
     *
     * @param logits one per token of the vocabulary; overwritten
     */
    int choose(float[] logits) {
        penalise(logits);
        if (chosen < options.minNewTokens()) {
            options.endTokens().stream()
                    .filter(id -> id < logits.length)
                    .forEach(id -> logits[id] = Float.NEGATIVE_INFINITY);
        }
        int best = largest(logits);
        if (!Float.isFinite(logits[best])) {
            throw new ConfigurationException(
                    "the model's logits are not finite: its weights or an adapter's are damaged,"
                            + " or too large for their element type");
        }
        int id = options.temperature() == 0 ? best : draw(logits, logits[best]);
        seen.set(id);
        chosen++;
        return id;
    }

    private void penalise(float[] logits) {
        double penalty = options.repetitionPenalty();
        if (penalty == 1) {
            return;
        }
        for (int id = seen.nextSetBit(0); id >= 0 && id < logits.length; id = seen.nextSetBit(id + 1)) {
            logits[id] = (float) (logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty);
        }
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[best] || Float.isNaN(logits[id])) {
                best = id;
            }
        }
        return best;
    }

    private int draw(float[] logits, double largest) {
        long[] order = mostProbableFirst(logits);
        int kept = options.topK() == 0 ? order.length : Math.min(options.topK(), order.length);
        double[] weights = new double[kept];
        double total = 0;
        for (int rank = 0; rank < kept; rank++) {
            weights[rank] = Math.exp((logits[id(order[rank])] - largest) / options.temperature());
            total += weights[rank];
        }
        double mass = 0;
        int nucleus = 0;
        while (nucleus < kept && (nucleus == 0 || mass < options.topP() * total)) {
            mass += weights[nucleus++];
        }
        double target = random.nextDouble() * mass;
        int rank = 0;
        for (double below = weights[0]; rank < nucleus - 1 && below <= target; below += weights[rank]) {
            rank++;
        }
        return id(order[rank]);
    }

    /** Ids by falling logit, then rising id, each in the low half of a number that sorts that way. */
    private static long[] mostProbableFirst(float[] logits) {
        long[] order = new long[logits.length];
        for (int id = 0; id < order.length; id++) {
            int bits = Float.floatToIntBits(logits[id] + 0f);
            int rising = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
            order[id] = (long) ~rising << Integer.SIZE | id;
        }
        Arrays.sort(order);
        return order;
    }

    private static int id(long entry) {
        return (int) entry;
    }
}
