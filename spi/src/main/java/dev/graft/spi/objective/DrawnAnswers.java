package dev.graft.spi.objective;

import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;

/** Answers drawn from what a model predicts. */
public final class DrawnAnswers {
    private DrawnAnswers() {}

    /**
     * One class for each row, drawn from the softmax of its logits.
     *
     * @param logits {@code [rows, classes]}
     * @return class numbers in the order of the rows
     */
    public static long[] of(Tensor logits, RandomStream random) {
        int classes = Math.toIntExact(logits.size(1));
        float[] probabilities = logits.detach().softmax(1).floats();
        long[] drawn = new long[Math.toIntExact(logits.size(0))];
        for (int row = 0; row < drawn.length; row++) {
            drawn[row] = draw(probabilities, row * classes, classes, random.nextDouble());
        }
        return drawn;
    }

    /** The class at which the sum of probabilities passes a number of {@code [0, 1)}. */
    private static int draw(float[] probabilities, int from, int classes, double number) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < classes; i++) {
            double probability = probabilities[from + i];
            sum += probability;
            if (number < sum) {
                return i;
            }
            last = probability > 0 ? i : last;
        }
        return last;
    }
}
