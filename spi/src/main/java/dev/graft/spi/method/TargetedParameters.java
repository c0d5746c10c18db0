package dev.graft.spi.method;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Parameters of the base whose single elements a technique works on, in the order of the forward pass. Laid end to end,
 * row by row, they are numbered as one vector of {@link #elements} numbers.
 *
 * @param all the parameters
 */
public record TargetedParameters(List<Target> all) {
    private static final String ALL_LINEAR = "all-linear";

    /**
     * One parameter.
     *
     * @param weight its value in the base
     * @param layer block it belongs to
     */
    public record Target(Weight weight, int layer) {
        /** Its name in the model. */
        public String name() {
            return weight.name();
        }

        /** Number of its elements. */
        public long elements() {
            return weight.shape().elements();
        }
    }

    /** Copies the list. */
    public TargetedParameters {
        all = List.copyOf(all);
    }

    /**
     * The parameters of the modules that {@code target_modules} and {@code exclude_modules} mean by PEFT's rules. The
     * head of a model that classifies is never among them, since it learns in full beside every technique.
     *
     * @param targets names or their endings, a regular expression, or {@code all-linear}, which is also what null means:
     *     every linear layer but the head
     * @param excluded what is left out again; null means nothing
     * @param biases whether the biases of these modules are targeted beside their weights
     * @throws ConfigurationException if no module of the model is meant
     */
    public static TargetedParameters of(ModelView model, Choice targets, Choice excluded, boolean biases) {
        boolean linear = targets == null || ALL_LINEAR.equals(targets.single());
        Predicate<String> named = linear ? null : ModuleChoice.of("target_modules", targets);
        Predicate<String> without = ModuleChoice.of("exclude_modules", excluded);
        FullModules heads = FullModules.heads(model);
        Map<String, Target> all = new LinkedHashMap<>();
        for (Site site : model.sites()) {
            boolean meant = linear ? isInnerLinear(site) : named.test(site.name());
            if (meant && !without.test(site.name()) && !heads.contains(site)) {
                for (Weight weight : weights(site, biases)) {
                    all.putIfAbsent(weight.name(), new Target(weight, site.layer()));
                }
            }
        }
        if (all.isEmpty()) {
            throw new ConfigurationException("target_modules " + described(targets)
                    + (excluded == null ? "" : " without exclude_modules " + described(excluded))
                    + " matches no layer of this model; its layers are called " + endings(model));
        }
        return new TargetedParameters(List.copyOf(all.values()));
    }

    /** Number of elements of all parameters. */
    public long elements() {
        return all.stream().mapToLong(Target::elements).sum();
    }

    /**
     * A share of the elements as their number, rounded to the nearest.
     *
     * @param density the share, from 0 to 1
     * @throws ConfigurationException if not one element is left
     */
    public long count(double density) {
        long count = Math.round(density * elements());
        if (count == 0) {
            throw new ConfigurationException("density " + density + " leaves none of the " + elements()
                    + " targeted elements to learn; it must be at least " + 1.0 / elements());
        }
        return count;
    }

    private static boolean isInnerLinear(Site site) {
        return site instanceof LinearSite linear
                && linear.role() != LinearSite.Role.HEAD
                && linear.role() != LinearSite.Role.VOCABULARY;
    }

    private static List<Weight> weights(Site site, boolean biases) {
        List<Weight> weights = new ArrayList<>();
        Weight bias = null;
        if (site instanceof LinearSite linear) {
            weights.add(linear.weight());
            bias = linear.bias();
        } else if (site instanceof EmbeddingSite table) {
            weights.add(table.weight());
        } else if (site instanceof NormSite norm) {
            weights.add(norm.weight());
            bias = norm.bias();
        }
        if (biases && bias != null) {
            weights.add(bias);
        }
        return weights;
    }

    private static String described(Choice choice) {
        return choice == null
                ? ALL_LINEAR
                : choice.text().map(text -> "'" + text + "'").orElseGet(() -> String.valueOf(choice.many()));
    }

    private static List<String> endings(ModelView model) {
        return model.sites().stream()
                .filter(site -> !weights(site, false).isEmpty())
                .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
    }
}
