package org.example.lntuning;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ModuleChoice;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The norms that learn, and the modules that learn in full beside them.
 *
 * @param norms the norms, in the order of the forward pass
 * @param full the modules
 */
record TunedNorms(List<NormSite> norms, FullModules full) {
    /**
     * What a configuration means for a model.
     *
     * @throws ConfigurationException if no norm is meant, or something that is no norm
     */
    static TunedNorms of(ModelView model, LnTuningConfig config) {
        FullModules full = fullModules(model, config);
        Choice targets = config.targetModules();
        Predicate<String> named =
                targets == null ? name -> true : ModuleChoice.of("target_modules", config.targetModules());
        Predicate<String> excluded = ModuleChoice.of("exclude_modules", config.excludeModules());
        List<Site> sites = model.sites().stream()
                .filter(site -> targets != null || site instanceof NormSite)
                .filter(site -> named.test(site.name()) && !excluded.test(site.name()) && !full.contains(site))
                .toList();
        for (Site site : sites) {
            if (!(site instanceof NormSite)) {
                throw new ConfigurationException("target_modules " + described(targets) + " matches '" + site.name()
                        + "', which is no norm; the norms of this model are called " + endings(model));
            }
        }
        if (sites.isEmpty()) {
            throw new ConfigurationException("target_modules " + described(targets)
                    + (config.excludeModules() == null ? "" : " without exclude_modules")
                    + " matches no norm of this model; its norms are called " + endings(model));
        }
        return new TunedNorms(sites.stream().map(NormSite.class::cast).toList(), full);
    }

    /** Last parts of the names of a model's norms, heads aside. */
    static List<String> endings(ModelView model) {
        FullModules heads = FullModules.heads(model);
        return model.sites(NormSite.class)
                .filter(norm -> !heads.contains(norm))
                .map(norm -> norm.name().substring(norm.name().lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .toList();
    }

    /** The modules named, and the head of a model that classifies, which PEFT trains along. */
    static FullModules fullModules(ModelView model, LnTuningConfig config) {
        return FullModules.of(model, config.modulesToSave());
    }

    /** Number of elements that learn: the widths of the norms' weights and biases, and the modules' parameters. */
    long elements(ModelView model) {
        return norms.stream()
                        .flatMap(TunedNorms::weights)
                        .mapToLong(weight -> weight.shape().elements())
                        .sum()
                + full.elements(model);
    }

    /** Has them learn. */
    void train(ModelView model, AttachmentBuilder attachment) {
        norms.forEach(norm -> weights(norm).forEach(weight -> train(norm, weight, attachment)));
        full.train(model, attachment, ParameterSpec.Storage.REQUIRED);
    }

    /** A copy of the weight learns in its place; weight decay leaves norms alone, as is custom. */
    private static void train(NormSite norm, Weight weight, AttachmentBuilder attachment) {
        Parameter parameter = attachment.declare(ParameterSpec.of(
                        LnTuningFormat.onDisk(norm, weight),
                        weight.shape(),
                        Initializer.of(weight.tensor()),
                        norm.layer())
                .withoutDecay());
        attachment
                .patches()
                .parameter(weight.name(), (pass, base) -> parameter.tensor().cast(base.dtype()));
        attachment.merge(weight.name(), base -> parameter.tensor().detach());
    }

    private static Stream<Weight> weights(NormSite norm) {
        return Stream.of(norm.weight(), norm.bias()).filter(weight -> weight != null);
    }

    private static String described(Choice choice) {
        if (choice == null) {
            return "(left out)";
        }
        return choice.text().map(text -> "'" + text + "'").orElseGet(() -> String.valueOf(choice.many()));
    }
}
