package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Weighted sums of task tensors, pruned first where the way asks for it: by magnitude, by chance with rescaling (Yu et
 * al. 2023, DARE), or by magnitude with an election of signs (Yadav et al. 2023, TIES).
 */
final class TaskArithmetic {
    private final Tensors tensors;
    private final String how;
    private final double density;
    private final boolean byFrequency;
    private final RandomStream random;

    TaskArithmetic(Tensors tensors, String how, Map<String, Object> options) {
        this.tensors = tensors;
        this.how = how;
        boolean prunes = how.startsWith("ties") || how.startsWith("dare") || how.startsWith("magnitude");
        this.density = prunes ? number(options, "density") : 1;
        this.byFrequency = "frequency".equals(options.get("majority_sign_method"));
        this.random = RandomStream.seeded(options.get("seed") instanceof Number seed ? seed.longValue() : 0);
    }

    Tensor combine(List<Tensor> tasks, List<Double> weights) {
        List<Tensor> weighted = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            weighted.add(pruned(tasks.get(i)).mul(weights.get(i)));
        }
        Tensor stacked = stacked(weighted);
        if (!how.contains("ties")) {
            return stacked.sum(0);
        }
        Tensor votes = byFrequency ? stacked.apply(Unary.SIGN).sum(0) : stacked.sum(0);
        Tensor majority = votes.apply(Binary.GE, 0).cast(DType.FLOAT32).mul(2).sub(1);
        Tensor agrees = stacked.apply(Unary.SIGN).apply(Binary.EQ, majority).cast(DType.FLOAT32);
        Tensor count = agrees.sum(0);
        return stacked.mul(agrees).sum(0).div(count.apply(Binary.MAX, 1));
    }

    private Tensor pruned(Tensor task) {
        if (how.startsWith("dare")) {
            Tensor kept = tensors.uniform(task.shape(), task.dtype(), 0, 1, random)
                    .apply(Binary.LT, density)
                    .cast(task.dtype());
            return task.mul(kept).div(density);
        }
        return how.startsWith("ties") || how.startsWith("magnitude") ? largest(task) : task;
    }

    /** The share of elements with the greatest magnitude; the others are zero. */
    private Tensor largest(Tensor task) {
        float[] magnitudes = task.apply(Unary.ABS).floats();
        int kept = (int) (density * magnitudes.length);
        if (kept == 0) {
            return task.mul(0);
        }
        Arrays.sort(magnitudes);
        double threshold = magnitudes[magnitudes.length - kept];
        return task.mul(task.apply(Unary.ABS).apply(Binary.GE, threshold).cast(task.dtype()));
    }

    private Tensor stacked(List<Tensor> tasks) {
        List<Tensor> rows = tasks.stream()
                .map(task -> {
                    long[] sizes = task.shape().toArray();
                    long[] row = new long[sizes.length + 1];
                    row[0] = 1;
                    System.arraycopy(sizes, 0, row, 1, sizes.length);
                    return task.reshape(row);
                })
                .toList();
        return tensors.concat(rows, 0);
    }

    private static double number(Map<String, Object> options, String key) {
        if (options.get(key) instanceof Number number && number.doubleValue() > 0 && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw new ConfigurationException(
                "'" + key + "' is " + options.get(key) + " where a number above 0 and up to 1 is needed");
    }
}
