package dev.graft.methods.lora;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Combination;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Weighted combination of several adapters into one whose scaling is 1, by PEFT's definitions. */
final class LoraCombination {
    private final Tensors tensors;
    private final Combination<LoraConfig> combination;
    private final CombinationOptions options;
    private final TaskArithmetic arithmetic;

    LoraCombination(Tensors tensors, Combination<LoraConfig> combination) {
        this.tensors = tensors;
        this.combination = combination;
        this.options = CombinationOptions.read(combination.how(), combination.options());
        this.arithmetic = new TaskArithmetic(tensors, options);
    }

    Combination.Result<LoraConfig> result() {
        if (combination.parts().isEmpty()) {
            throw new ConfigurationException("a combination needs at least one adapter");
        }
        Map<String, Tensor> state = new LinkedHashMap<>();
        Map<String, Integer> ranks = new LinkedHashMap<>();
        byModule().forEach((module, updates) -> {
            Factors combined = combine(module, updates);
            StoredUpdate.Kind kind =
                    updates.get(0).embedding() ? StoredUpdate.Kind.EMBEDDING : StoredUpdate.Kind.LINEAR;
            state.put(kind.a(module), combined.a());
            state.put(kind.b(module), combined.b());
            ranks.put(module, Math.toIntExact(combined.a().size(0)));
        });
        return new Combination.Result<>(configuration(ranks), state);
    }

    private Map<String, List<StoredUpdate>> byModule() {
        Map<String, List<StoredUpdate>> byModule = new TreeMap<>();
        for (Combination.Part<LoraConfig> part : combination.parts()) {
            StoredUpdate.of(part)
                    .forEach((module, update) -> byModule.computeIfAbsent(module, key -> new ArrayList<>())
                            .add(update));
        }
        return byModule;
    }

    private Factors combine(String module, List<StoredUpdate> updates) {
        if (options.way().equals("cat")) {
            return concatenated(updates);
        }
        if (options.decomposes()) {
            return decomposed(updates);
        }
        List<Tensor> as = updates.stream().map(update -> update.factors().a()).toList();
        List<Tensor> bs = updates.stream().map(update -> update.factors().b()).toList();
        List<Long> ranks = as.stream().map(a -> a.size(0)).distinct().toList();
        if (ranks.size() > 1) {
            throw new ConfigurationException(
                    "combining by '" + options.way() + "' needs adapters of one rank, but for '" + module
                            + "' they have ranks " + ranks + "; cat and the ways that end in svd allow it");
        }
        return new Factors(
                arithmetic.combine(as, weights(updates, update -> Math.signum(factor(update)) * root(update))),
                arithmetic.combine(bs, weights(updates, LoraCombination::root)));
    }

    private static double factor(StoredUpdate update) {
        return update.weight() * update.scaling();
    }

    /** Both factors carry the root of the weight; its sign goes with A. */
    private static double root(StoredUpdate update) {
        return Math.sqrt(Math.abs(factor(update)));
    }

    private static List<Double> weights(List<StoredUpdate> updates, ToDoubleFunction<StoredUpdate> weight) {
        return updates.stream().map(weight::applyAsDouble).toList();
    }

    private Factors concatenated(List<StoredUpdate> updates) {
        return new Factors(
                tensors.concat(
                        updates.stream()
                                .map(update -> update.factors().a().mul(factor(update)))
                                .toList(),
                        0),
                tensors.concat(
                        updates.stream().map(update -> update.factors().b()).toList(), 1));
    }

    private Factors decomposed(List<StoredUpdate> updates) {
        List<Tensor> deltas = updates.stream()
                .map(update -> update.factors().product().mul(update.scaling()))
                .toList();
        long largest = updates.stream()
                .mapToLong(update -> update.factors().a().size(0))
                .max()
                .orElseThrow();
        List<Tensor> parts = tensors.svd(arithmetic.combine(deltas, weights(updates, StoredUpdate::weight)));
        long rank = Math.min(
                options.svdRank() == 0 ? largest : options.svdRank(),
                parts.get(1).size(0));
        Tensor b = parts.get(0)
                .slice(1, 0, rank)
                .mul(parts.get(1).slice(0, 0, rank).reshape(1, rank));
        return new Factors(parts.get(2).slice(0, 0, rank), b);
    }

    private LoraConfig configuration(Map<String, Integer> ranks) {
        int rank = ranks.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Map<String, Integer> rankPattern = new LinkedHashMap<>();
        Map<String, Double> alphaPattern = new LinkedHashMap<>();
        ranks.forEach((module, own) -> {
            if (own != rank) {
                rankPattern.put(module.replace(".", "\\."), own);
                alphaPattern.put(module.replace(".", "\\."), own.doubleValue());
            }
        });
        return new LoraConfig(
                rank,
                rank,
                combination.parts().get(0).configuration().loraDropout(),
                Choice.of(List.copyOf(ranks.keySet())),
                null,
                rankPattern,
                alphaPattern,
                List.of(),
                null,
                false,
                false,
                false,
                LoraConfig.Bias.NONE,
                List.of(),
                null,
                "true");
    }
}
