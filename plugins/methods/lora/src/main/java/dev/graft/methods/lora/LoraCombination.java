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
import java.util.Set;
import java.util.TreeSet;

/** Weighted combination of several adapters into one whose scaling is 1, by PEFT's definitions. */
final class LoraCombination {
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    static final List<String> WAYS = List.of(
            "linear",
            "cat",
            "svd",
            "ties",
            "ties_svd",
            "dare_linear",
            "dare_ties",
            "dare_linear_svd",
            "dare_ties_svd",
            "magnitude_prune",
            "magnitude_prune_svd");

    private final Tensors tensors;
    private final Combination<LoraConfig> combination;
    private final TaskArithmetic arithmetic;

    LoraCombination(Tensors tensors, Combination<LoraConfig> combination) {
        this.tensors = tensors;
        this.combination = combination;
        this.arithmetic = new TaskArithmetic(tensors, combination.how(), combination.options());
        if (!WAYS.contains(combination.how())) {
            throw new ConfigurationException(
                    "adapters cannot be combined by '" + combination.how() + "'; the ways are " + WAYS);
        }
    }

    Combination.Result<LoraConfig> result() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (String module : modules()) {
            List<Tensor> pair = combine(module);
            state.put(module + A, pair.get(0));
            state.put(module + B, pair.get(1));
            ranks.put(module, Math.toIntExact(pair.get(0).size(0)));
        }
        return new Combination.Result<>(configuration(ranks), state);
    }

    private Set<String> modules() {
        Set<String> modules = new TreeSet<>();
        for (Combination.Part<LoraConfig> part : combination.parts()) {
            for (String name : part.state().keySet()) {
                if (name.endsWith(A)) {
                    modules.add(name.substring(0, name.length() - A.length()));
                } else if (!name.endsWith(B)) {
                    throw new ConfigurationException("adapters that hold '" + name
                            + "' cannot be combined: only plain low-rank updates of linear layers can");
                }
            }
        }
        return modules;
    }

    private List<Tensor> combine(String module) {
        List<Tensor> as = new ArrayList<>();
        List<Tensor> bs = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (Combination.Part<LoraConfig> part : combination.parts()) {
            Tensor a = part.state().get(module + A);
            if (a != null) {
                as.add(a);
                bs.add(part.state().get(module + B));
                String name = module.substring("base_model.model.".length());
                weights.add(part.weight() * part.configuration().scaling(name));
            }
        }
        if (combination.how().equals("cat")) {
            return concatenated(as, bs, weights);
        }
        if (combination.how().endsWith("svd")) {
            return decomposed(as, bs, weights);
        }
        if (as.stream().map(Tensor::shape).distinct().count() > 1) {
            throw new ConfigurationException("'" + combination.how() + "' needs adapters of one rank, '" + module
                    + "' has several; use cat or svd");
        }
        return List.of(arithmetic.combine(as, roots(weights, false)), arithmetic.combine(bs, roots(weights, true)));
    }

    /** The product of both factors carries the weight; its sign goes with B. */
    private static List<Double> roots(List<Double> weights, boolean signed) {
        return weights.stream()
                .map(weight -> Math.sqrt(Math.abs(weight)) * (signed ? Math.signum(weight) : 1))
                .toList();
    }

    private List<Tensor> concatenated(List<Tensor> as, List<Tensor> bs, List<Double> weights) {
        List<Tensor> scaled = new ArrayList<>();
        for (int i = 0; i < as.size(); i++) {
            scaled.add(as.get(i).mul(weights.get(i)));
        }
        return List.of(tensors.concat(scaled, 0), tensors.concat(bs, 1));
    }

    private List<Tensor> decomposed(List<Tensor> as, List<Tensor> bs, List<Double> weights) {
        List<Tensor> deltas = new ArrayList<>();
        long rank = 0;
        for (int i = 0; i < as.size(); i++) {
            deltas.add(bs.get(i).matmul(as.get(i)));
            rank = Math.max(rank, as.get(i).size(0));
        }
        List<Tensor> parts = tensors.svd(arithmetic.combine(deltas, weights));
        long kept = Math.min(rank, parts.get(1).size(0));
        Tensor b = parts.get(0)
                .slice(1, 0, kept)
                .mul(parts.get(1).slice(0, 0, kept).reshape(1, kept));
        return List.of(parts.get(2).slice(0, 0, kept), b);
    }

    private LoraConfig configuration(Map<String, Integer> ranks) {
        LoraConfig first = combination.parts().get(0).configuration();
        int rank = ranks.values().stream().mapToInt(Integer::intValue).max().orElse(first.r());
        Map<String, Integer> rankPattern = new LinkedHashMap<>();
        Map<String, Double> alphaPattern = new LinkedHashMap<>();
        List<String> targets = new ArrayList<>();
        ranks.forEach((module, own) -> {
            String name = module.substring("base_model.model.".length());
            targets.add(name);
            if (own != rank) {
                rankPattern.put(name.replace(".", "\\."), own);
                alphaPattern.put(name.replace(".", "\\."), own.doubleValue());
            }
        });
        return new LoraConfig(
                rank,
                rank,
                first.loraDropout(),
                Choice.of(targets),
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
                "true");
    }
}
