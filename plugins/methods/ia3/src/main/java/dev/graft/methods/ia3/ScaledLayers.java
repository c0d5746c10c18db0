package dev.graft.methods.ia3;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ModuleChoice;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import java.util.List;
import java.util.function.Predicate;

/**
 * The layers of a model that a configuration scales, by PEFT's rules of matching.
 *
 * @param targets the layers, in the order of the forward pass
 * @param feedForward whether the input of a layer is scaled instead of its output
 */
record ScaledLayers(List<LinearSite> targets, Predicate<LinearSite> feedForward) {
    private static final String ALL_LINEAR = "all-linear";

    /**
     * The layers.
     *
     * @throws ConfigurationException if there is none, or a key names what cannot be scaled
     */
    static ScaledLayers of(ModelView model, Ia3Config config) {
        FullModules full = fullModules(model, config);
        Predicate<String> excluded = ModuleChoice.of("exclude_modules", config.excludeModules());
        Choice choice = targetChoice(model, config);
        Predicate<Site> targeted = targeted(choice);
        List<Site> sites = model.sites().stream()
                .filter(site -> site instanceof LinearSite || site instanceof EmbeddingSite)
                .filter(site -> targeted.test(site) && !excluded.test(site.name()) && !full.contains(site))
                .toList();
        sites.stream().filter(EmbeddingSite.class::isInstance).findFirst().ifPresent(table -> {
            throw new ConfigurationException("target_modules " + describe(choice) + " matches the table '"
                    + table.name() + "'; IA3 scales linear layers only");
        });
        if (sites.isEmpty()) {
            throw new ConfigurationException("target_modules " + describe(choice)
                    + (config.excludeModules() == null ? "" : " without exclude_modules")
                    + " matches no linear layer of this model; its linear layers are called " + layerNames(model));
        }
        return new ScaledLayers(sites.stream().map(LinearSite.class::cast).toList(), feedForward(model, config));
    }

    /** The modules that learn in full: those named, and the head of a model that classifies. */
    static FullModules fullModules(ModelView model, Ia3Config config) {
        return FullModules.of(model, config.modulesToSave());
    }

    /** What a configuration targets, whether it says so or not. */
    static Choice targetChoice(ModelView model, Ia3Config config) {
        return config.targetModules() != null
                ? config.targetModules()
                : DefaultModules.of(model).targetChoice();
    }

    /** Which layers a configuration treats as feed-forward, whether it says so or not. */
    static Choice feedForwardChoice(ModelView model, Ia3Config config) {
        return config.feedforwardModules() != null
                ? config.feedforwardModules()
                : DefaultModules.of(model).feedForwardChoice();
    }

    private static Predicate<Site> targeted(Choice choice) {
        if (choice.text().filter(ALL_LINEAR::equals).isPresent()) {
            return site -> site instanceof LinearSite linear && linear.role() != LinearSite.Role.VOCABULARY;
        }
        Predicate<String> named = ModuleChoice.of("target_modules", choice);
        return site -> named.test(site.name());
    }

    /** Unlike targets, these names are endings of any kind, not of whole parts of the path. */
    private static Predicate<LinearSite> feedForward(ModelView model, Ia3Config config) {
        Choice choice = feedForwardChoice(model, config);
        if (choice.text().isPresent()) {
            Predicate<String> matches = ModuleChoice.of("feedforward_modules", choice);
            return site -> matches.test(site.name());
        }
        return site -> choice.many().stream().anyMatch(site.name()::endsWith);
    }

    private static String describe(Choice choice) {
        return choice.text().map(text -> "'" + text + "'").orElseGet(() -> String.valueOf(choice.many()));
    }

    private static List<String> layerNames(ModelView model) {
        return model.linears()
                .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
    }
}
