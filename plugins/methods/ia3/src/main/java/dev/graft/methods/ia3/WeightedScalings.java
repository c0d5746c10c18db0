package dev.graft.methods.ia3;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Combination;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One adapter out of several: at every layer the sum of their scalings, each times its weight. */
final class WeightedScalings {
    private WeightedScalings() {}

    /**
     * Combines.
     *
     * @throws ConfigurationException if another way than {@code linear} is asked for, or the adapters scale different
     *     layers, or modules were trained in full beside
     */
    static Combination.Result<Ia3Config> combine(Combination<Ia3Config> combination) {
        if (!combination.how().equals("linear") || !combination.options().isEmpty()) {
            throw new ConfigurationException("adapters of method ia3 are combined by 'linear', which has no options;"
                    + " found '" + combination.how() + "' with options "
                    + combination.options().keySet());
        }
        List<Combination.Part<Ia3Config>> parts = combination.parts();
        Map<String, Tensor> first = parts.get(0).state();
        first.keySet().stream()
                .filter(name -> !name.endsWith(".ia3_l"))
                .findFirst()
                .ifPresent(name -> {
                    throw new ConfigurationException(
                            "adapters with modules trained in full cannot be combined, and these hold '" + name + "'");
                });
        Map<String, Tensor> sum = new LinkedHashMap<>();
        for (Combination.Part<Ia3Config> part : parts) {
            if (!part.state().keySet().equals(first.keySet())) {
                throw new ConfigurationException("adapters that scale different layers cannot be combined");
            }
            part.state().forEach((name, factors) -> {
                if (!factors.shape().equals(first.get(name).shape())) {
                    throw new ConfigurationException("adapters of different shapes at '" + name
                            + "' cannot be combined: " + first.get(name).shape() + " and " + factors.shape());
                }
                sum.merge(name, factors.mul(part.weight()), Tensor::add);
            });
        }
        return new Combination.Result<>(parts.get(0).configuration(), sum);
    }
}
