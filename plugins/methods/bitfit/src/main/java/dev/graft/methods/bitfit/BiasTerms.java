package dev.graft.methods.bitfit;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ModuleChoice;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The bias terms that a configuration has learn. */
final class BiasTerms {
    private static final String ALL = "all";
    private static final String PAPER = "query-and-second-mlp";

    private BiasTerms() {}

    /**
     * The terms, in the order of the forward pass, those of heads that learn in full left out.
     *
     * @throws ConfigurationException if there is none
     */
    static List<BiasTerm> of(ModelView model, BitFitConfig config) {
        FullModules heads = FullModules.heads(model);
        Predicate<Site> chosen = chosen(model, config.biases());
        List<Site> sites = model.sites().stream()
                .filter(site -> site instanceof LinearSite || site instanceof NormSite)
                .filter(site -> chosen.test(site) && !heads.contains(site))
                .toList();
        if (sites.isEmpty()) {
            throw new ConfigurationException("biases " + describe(config.biases())
                    + " matches no layer or norm of this model; they are called " + names(model));
        }
        Predicate<Site> injected = injected(sites, config);
        List<BiasTerm> terms = sites.stream()
                .map(BiasTerm::of)
                .filter(term -> !term.injected() || injected.test(term.site()))
                .toList();
        if (terms.isEmpty()) {
            throw new ConfigurationException("none of the layers that biases " + describe(config.biases())
                    + " matches has a bias, and inject is " + word(config.inject())
                    + "; linear and linear_and_norms bring biases in");
        }
        return terms;
    }

    /** The head that learns in full, if it does. */
    static FullModules heads(ModelView model, BitFitConfig config) {
        return config.trainHead() ? FullModules.heads(model) : new FullModules(List.of());
    }

    private static Predicate<Site> chosen(ModelView model, Choice biases) {
        if (isAll(biases)) {
            return site -> true;
        }
        if (biases.text().filter(PAPER::equals).isPresent()) {
            requireQueries(model);
            return site ->
                    site instanceof LinearSite linear && (linear.role() == Role.QUERY || linear.role() == Role.FFN_UP);
        }
        Predicate<String> named = ModuleChoice.of("biases", biases);
        return site -> named.test(site.name());
    }

    /** Where queries, keys and values are one layer, the bias of queries is not a bias of its own. */
    private static void requireQueries(ModelView model) {
        if (model.linears().noneMatch(site -> site.role() == Role.QUERY)) {
            throw new ConfigurationException("biases '" + PAPER
                    + "' asks for the biases of queries, but no layer of this model computes queries alone; name"
                    + " layers instead, which are called " + names(model));
        }
    }

    private static Predicate<Site> injected(List<Site> sites, BitFitConfig config) {
        Predicate<Site> linear = site -> site instanceof LinearSite layer && mayBring(layer, config.biases());
        return switch (config.inject()) {
            case NONE -> site -> false;
            case LINEAR -> linear;
            case LINEAR_AND_NORMS -> linear.or(NormSite.class::isInstance);
            case AUTO -> hasBias(sites.stream()) ? site -> false : linear;
        };
    }

    private static boolean hasBias(Stream<Site> sites) {
        return sites.map(BiasTerm::of).anyMatch(term -> !term.injected());
    }

    /** What stands above the blocks gets a bias only where it is named. */
    private static boolean mayBring(LinearSite layer, Choice biases) {
        return !isAll(biases) || (layer.role() != Role.VOCABULARY && layer.role() != Role.HEAD);
    }

    private static boolean isAll(Choice biases) {
        return biases == null || biases.text().filter(ALL::equals).isPresent();
    }

    private static String describe(Choice biases) {
        if (biases == null) {
            return "(left out)";
        }
        return biases.text().map(text -> "'" + text + "'").orElseGet(() -> String.valueOf(biases.many()));
    }

    private static String word(BitFitConfig.Inject inject) {
        return inject.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> names(ModelView model) {
        return model.sites().stream()
                .filter(site -> site instanceof LinearSite || site instanceof NormSite)
                .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
    }
}
