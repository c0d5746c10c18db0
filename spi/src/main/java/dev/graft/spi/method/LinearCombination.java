package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weighted sum of adapters whose tensors have the same names and shapes, tensor by tensor; what techniques offer as
 * {@code linear} that know no better way.
 */
public final class LinearCombination {
    /** What the way is called. */
    public static final String NAME = "linear";

    private static final double ROUNDING = 1e-6;

    private LinearCombination() {}

    /**
     * Combines adapters that hold differences, or vectors of their own.
     *
     * @param method the technique's id, for messages
     * @throws ConfigurationException if another way is asked for, or the adapters are not alike
     */
    public static <C extends Record> Combination.Result<C> sum(String method, Combination<C> combination) {
        check(method, combination);
        List<Combination.Part<C>> parts = combination.parts();
        Map<String, Tensor> first = parts.get(0).state();
        Map<String, Tensor> sum = new LinkedHashMap<>();
        for (Combination.Part<C> part : parts) {
            if (!part.state().keySet().equals(first.keySet())) {
                throw new ConfigurationException(
                        "adapters that hold different tensors cannot be combined, and only one of them holds '"
                                + lacking(first, part.state()) + "'");
            }
            part.state().forEach((name, tensor) -> add(sum, name, tensor, first.get(name), part.weight()));
        }
        return new Combination.Result<>(parts.get(0).configuration(), sum);
    }

    /**
     * Combines adapters that hold whole parameters of the base, which their weighted sum is only if the weights sum to 1.
     *
     * @param method the technique's id, for messages
     * @throws ConfigurationException as for {@link #sum}, or if the weights sum to something else
     */
    public static <C extends Record> Combination.Result<C> average(String method, Combination<C> combination) {
        double total = combination.parts().stream()
                .mapToDouble(Combination.Part::weight)
                .sum();
        if (Math.abs(total - 1) > ROUNDING) {
            throw new ConfigurationException("the weights sum to " + total + "; for method " + method
                    + ", whose adapters hold whole parameters of the base, they must sum to 1");
        }
        return sum(method, combination);
    }

    /**
     * Combines adapters whose tensors mean the same only under the same configuration.
     *
     * @param method the technique's id, for messages
     * @throws ConfigurationException as for {@link #sum}, or if configurations differ
     */
    public static <C extends Record> Combination.Result<C> alike(String method, Combination<C> combination) {
        long configurations = combination.parts().stream()
                .map(Combination.Part::configuration)
                .distinct()
                .count();
        if (configurations > 1) {
            throw new ConfigurationException(
                    "adapters of method " + method + " can be combined only if their configurations are the same");
        }
        return sum(method, combination);
    }

    private static void check(String method, Combination<?> combination) {
        if (!combination.how().equals(NAME)) {
            throw new ConfigurationException("adapters of method " + method + " cannot be combined by '"
                    + combination.how() + "'; the only way is " + NAME);
        }
        if (!combination.options().isEmpty()) {
            throw new ConfigurationException("combining adapters of method " + method + " by " + NAME
                    + " has no options; found " + combination.options().keySet());
        }
    }

    private static void add(Map<String, Tensor> sum, String name, Tensor tensor, Tensor first, double weight) {
        if (!tensor.shape().equals(first.shape())) {
            throw new ConfigurationException("adapters of different shapes cannot be combined: '" + name + "' is "
                    + first.shape() + " in one and " + tensor.shape() + " in another");
        }
        if (tensor.dtype().isFloating()) {
            sum.merge(name, tensor.mul(weight), Tensor::add);
        } else if (Arrays.equals(tensor.longs(), first.longs())) {
            sum.put(name, tensor);
        } else {
            throw new ConfigurationException("adapters that differ in '" + name + "' cannot be combined");
        }
    }

    private static String lacking(Map<String, Tensor> one, Map<String, Tensor> other) {
        return one.keySet().stream()
                .filter(name -> !other.containsKey(name))
                .findFirst()
                .orElseGet(() -> other.keySet().stream()
                        .filter(name -> !one.containsKey(name))
                        .findFirst()
                        .orElseThrow());
    }
}
