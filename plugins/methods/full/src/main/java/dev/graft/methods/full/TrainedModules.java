package dev.graft.methods.full;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Decides which modules of a model a configuration means. */
final class TrainedModules {
    private final ModelView model;
    private final FullConfig config;
    private final Predicate<Site> named;
    private final int headStart;

    /**
     * The modules of a configuration.
     *
     * @throws ConfigurationException if a key names nothing this model has, or keys exclude each other
     */
    TrainedModules(ModelView model, FullConfig config) {
        this.model = model;
        this.config = config;
        this.named = named(config.trainableModules());
        this.headStart = headStart();
        check();
    }

    /** Whether the configuration asks for a site; a classification head always learns. */
    boolean contains(Site site) {
        if (config.headOnly() || classifies()) {
            if (model.sites().indexOf(site) >= headStart) {
                return true;
            }
        }
        if (config.headOnly()) {
            return false;
        }
        if (config.trainableLayers() == null) {
            return named.test(site);
        }
        return (inTrainedBlock(site) && named.test(site)) || inside(site.name(), config.extraModules());
    }

    private boolean classifies() {
        Task task = model.description().task();
        return task == Task.SEQ_CLS || task == Task.TOKEN_CLS;
    }

    private boolean inTrainedBlock(Site site) {
        int layers = model.description().layers();
        int count = config.trainableLayers();
        boolean inBlock = site.layer() >= 0 && site.layer() < layers;
        return inBlock && (count < 0 ? site.layer() < -count : site.layer() >= layers - count);
    }

    /** Index of the first site of the head among all sites; their number where there is no head. */
    private int headStart() {
        for (int i = 0; i < model.sites().size(); i++) {
            if (model.sites().get(i) instanceof LinearSite linear
                    && (linear.role() == Role.HEAD || linear.role() == Role.VOCABULARY)) {
                return i;
            }
        }
        return model.sites().size();
    }

    private void check() {
        int layers = model.description().layers();
        if (config.headOnly()
                && (config.trainableLayers() != null
                        || config.trainableModules() != null
                        || !config.extraModules().isEmpty())) {
            throw new ConfigurationException(
                    "head_only cannot be combined with trainable_layers, trainable_modules or" + " extra_modules");
        }
        if (config.headOnly() && headStart == model.sites().size()) {
            throw new ConfigurationException("head_only is set, but this model has no head");
        }
        if (config.trainableLayers() != null
                && (config.trainableLayers() == 0 || Math.abs(config.trainableLayers()) > layers)) {
            throw new ConfigurationException("trainable_layers is " + config.trainableLayers()
                    + "; it must lie between 1 and " + layers + ", or between -" + layers + " and -1");
        }
        if (config.trainableLayers() == null && !config.extraModules().isEmpty()) {
            throw new ConfigurationException(
                    "extra_modules needs trainable_layers; without it, add the modules to" + " trainable_modules");
        }
        for (String module : config.extraModules()) {
            if (model.sites().stream().noneMatch(site -> inside(site.name(), List.of(module)))) {
                throw missing("extra_modules", module);
            }
        }
        if (model.sites().stream().noneMatch(named)) {
            throw missing(
                    "trainable_modules",
                    config.trainableModules()
                            .text()
                            .orElseGet(() ->
                                    String.join(", ", config.trainableModules().many())));
        }
    }

    private ConfigurationException missing(String key, String value) {
        List<String> names = model.sites().stream()
                .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
        return new ConfigurationException(
                key + " '" + value + "' matches no module of this model; its modules are called " + names);
    }

    private static Predicate<Site> named(Choice modules) {
        if (modules == null) {
            return site -> true;
        }
        if (modules.names().isPresent()) {
            return site -> inside(site.name(), modules.many());
        }
        try {
            Pattern pattern = Pattern.compile(modules.single());
            return site -> pattern.matcher(site.name()).matches();
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(
                    "trainable_modules '" + modules.single() + "' is not a regular expression: " + e.getDescription(),
                    e);
        }
    }

    /** Whether a module is one of those named, or inside one. */
    private static boolean inside(String module, List<String> names) {
        return names.stream().anyMatch(name -> ("." + module + ".").contains("." + name + "."));
    }
}
