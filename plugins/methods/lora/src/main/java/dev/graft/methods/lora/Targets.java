package dev.graft.methods.lora;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which layers a configuration means, by PEFT's rules of matching. */
final class Targets {
    private static final String ALL_LINEAR = "all-linear";

    private Targets() {}

    /**
     * The sites to adapt, in the order of the forward pass.
     *
     * @throws ConfigurationException if there is none, or keys exclude each other
     */
    static List<Site> of(ModelView model, LoraConfig config, SavedModules saved) {
        check(config);
        Predicate<Site> targeted = targeted(config);
        Predicate<String> excluded = excluded(config.excludeModules());
        List<Site> targets = model.sites().stream()
                .filter(site -> site instanceof LinearSite || site instanceof EmbeddingSite)
                .filter(targeted)
                .filter(site -> !excluded.test(site.name()) && !saved.contains(site))
                .toList();
        if (targets.isEmpty()) {
            throw new ConfigurationException("target_modules " + describe(config)
                    + " matches no layer of this model; its layers are called " + layerNames(model));
        }
        return targets;
    }

    /** The last parts of the names of some sites, each once, in the order of the forward pass. */
    static List<String> endings(Stream<? extends Site> sites) {
        return sites.map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                .distinct()
                .toList();
    }

    /** What is adapted when a configuration names nothing. */
    static Stream<LinearSite> queriesAndValues(ModelView model) {
        return model.linears().filter(Targets::isQueryOrValue);
    }

    private static void check(LoraConfig config) {
        boolean limited = !config.layersToTransform().isEmpty();
        if (limited
                && config.targetModules() != null
                && config.targetModules().text().isPresent()) {
            throw new ConfigurationException("layers_to_transform needs a list as target_modules, found '"
                    + config.targetModules().single() + "'");
        }
        if (!limited && config.layersPattern() != null) {
            throw new ConfigurationException("layers_pattern is set without layers_to_transform, which it is for");
        }
    }

    private static Predicate<Site> targeted(LoraConfig config) {
        Choice targets = config.targetModules();
        Blocks blocks = Blocks.of(config);
        if (targets == null) {
            return site -> isQueryOrValue(site) && blocks.contain(site.name());
        }
        if (targets.text().isPresent()) {
            String text = targets.single();
            if (text.equals(ALL_LINEAR)) {
                return site -> site instanceof LinearSite linear && linear.role() != LinearSite.Role.VOCABULARY;
            }
            var pattern = Patterns.compile("target_modules", text, text);
            return site -> pattern.matcher(site.name()).matches();
        }
        List<String> names = targets.many();
        return site -> names.contains(site.name()) || (endsWithOne(site.name(), names) && blocks.contain(site.name()));
    }

    private static boolean isQueryOrValue(Site site) {
        return site instanceof LinearSite linear
                && switch (linear.role()) {
                    case QUERY, VALUE, QUERY_KEY_VALUE -> true;
                    default -> false;
                };
    }

    private static Predicate<String> excluded(Choice excluded) {
        if (excluded == null) {
            return module -> false;
        }
        if (excluded.text().isPresent()) {
            var pattern = Patterns.compile("exclude_modules", excluded.single(), excluded.single());
            return module -> pattern.matcher(module).matches();
        }
        List<String> names = excluded.many();
        return module -> names.contains(module) || endsWithOne(module, names);
    }

    private static boolean endsWithOne(String module, List<String> names) {
        return names.stream().anyMatch(name -> module.endsWith("." + name));
    }

    private static String describe(LoraConfig config) {
        Choice targets = config.targetModules();
        String text = targets == null
                ? "(left out)"
                : targets.text().map(single -> "'" + single + "'").orElseGet(() -> String.valueOf(targets.many()));
        String without = config.excludeModules() == null ? "" : " without exclude_modules";
        String within = config.layersToTransform().isEmpty() ? "" : " in layers " + config.layersToTransform();
        return text + without + within;
    }

    private static List<String> layerNames(ModelView model) {
        return endings(model.sites().stream()
                        .filter(site -> site instanceof LinearSite || site instanceof EmbeddingSite))
                .stream()
                .sorted()
                .toList();
    }
}
