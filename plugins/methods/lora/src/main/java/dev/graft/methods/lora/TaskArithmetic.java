package dev.graft.methods.lora;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weighted sums of task tensors, pruned first where the way asks for it: by magnitude, by chance with rescaling (Yu et
 * al. 2023, DARE), or by magnitude with an election of signs (Yadav et al. 2023, TIES).
 */
final class TaskArithmetic {
    private final Tensors tensors;
    private final CombinationOptions options;
    private final RandomStream random;

    TaskArithmetic(Tensors tensors, CombinationOptions options) {
        this.tensors = tensors;
        this.options = options;
        this.random = RandomStream.seeded(options.seed());
    }

    /** Combines tensors of one shape. */
    Tensor combine(List<Tensor> tasks, List<Double> weights) {
        List<Tensor> pruned = tasks.stream().map(this::pruned).toList();
        List<Tensor> weighted = new ArrayList<>();
        for (int i = 0; i < pruned.size(); i++) {
            weighted.add(pruned.get(i).mul(weights.get(i)));
        }
        return options.electsSigns()
                ? elected(stacked(pruned), stacked(weighted))
                : stacked(weighted).sum(0);
    }

    /** The mean, element by element, of the tasks that agree with the sign most of them vote for. */
    private Tensor elected(Tensor tasks, Tensor weighted) {
        Tensor signs = tasks.apply(Unary.SIGN);
        Tensor votes = options.byFrequency() ? signs.sum(0) : tasks.sum(0);
        Tensor majority = votes.apply(Binary.GE, 0).cast(tasks.dtype()).mul(2).sub(1);
        Tensor agrees = signs.apply(Binary.EQ, majority).cast(tasks.dtype());
        return weighted.mul(agrees).sum(0).div(agrees.sum(0).apply(Binary.MAX, 1));
    }

    private Tensor pruned(Tensor task) {
        if (options.density() == 1) {
            return task;
        }
        if (options.prunesByChance()) {
            Tensor kept = tensors.uniform(task.shape(), task.dtype(), 0, 1, random)
                    .apply(Binary.LT, options.density())
                    .cast(task.dtype());
            return task.mul(kept).div(options.density());
        }
        return options.prunesByMagnitude() ? largest(task) : task;
    }

    /** The share of elements with the greatest magnitude; the others are zero. */
    private Tensor largest(Tensor task) {
        float[] magnitudes = task.apply(Unary.ABS).floats();
        int kept = (int) (options.density() * magnitudes.length);
        if (kept == 0) {
            return task.mul(0);
        }
        Arrays.sort(magnitudes);
        double threshold = magnitudes[magnitudes.length - kept];
        return task.mul(task.apply(Unary.ABS).apply(Binary.GE, threshold).cast(task.dtype()));
    }

    private Tensor stacked(List<Tensor> tasks) {
        List<Tensor> rows = tasks.stream()
                .map(task -> task.reshape(1, task.size(0), task.size(1)))
                .toList();
        return tensors.concat(rows, 0);
    }
}
