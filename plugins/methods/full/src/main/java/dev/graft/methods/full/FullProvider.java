package dev.graft.methods.full;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensors;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Offers full fine-tuning and its partial forms. */
public final class FullProvider implements MethodProvider<FullConfig> {
    private static final AdapterFormat FORMAT = new RecipeFormat(
            "GRAFT_FULL",
            Set.of(
                    "trainable_layers",
                    "trainable_modules",
                    "extra_modules",
                    "head_only",
                    "unfreeze_every",
                    "unfreeze_first"));

    @Override
    public String id() {
        return "full";
    }

    @Override
    public String summary() {
        return "All parameters, the top or bottom layers, named modules, or the head alone";
    }

    @Override
    public Class<FullConfig> configuration() {
        return FullConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Parameters of the base learn themselves. What learns is kept beside the base, which stays as it was,"
                        + " so that a run can be saved, swapped and dropped like any adapter; parts of the model may"
                        + " stay frozen, and blocks may begin to learn one after the other from the top.",
                "W = W0 + dW with dW of full rank for the chosen parameters; block l of L learns from epoch"
                        + " (L - l - unfreeze_first) * unfreeze_every",
                "Howard and Ruder 2018, Universal Language Model Fine-tuning (gradual unfreezing); Lee et al. 2019,"
                        + " What Would Elsa Do? (top layers)",
                "Pretraining and continued pretraining, small models, much data. It needs memory for gradients and"
                        + " optimizer state of everything that learns; with less, choose a low-rank method.",
                "the sum of the sizes of all parameters of the chosen modules, a tied pair counted once",
                "adapter_config.json with peft_type GRAFT_FULL; adapter_model.safetensors with"
                        + " base_model.model.<parameter> for everything that was replaced");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class),
                50_000,
                Suitability.NO_LIMIT,
                1,
                Suitability.Cost.NOTHING,
                1,
                "",
                Map.of(),
                5e-5));
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, FullConfig configuration) {
        return replaced(model, configuration, weight -> weight.fresh()).values().stream()
                .mapToLong(spec -> spec.shape().elements())
                .sum();
    }

    @Override
    public Combination.Result<FullConfig> combine(Tensors tensors, Combination<FullConfig> combination) {
        return LinearCombination.average(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, FullConfig configuration, AttachContext context) {
        Map<String, Parameter> replacements = new LinkedHashMap<>();
        replaced(model, configuration, weight -> isNew(weight, context))
                .forEach((name, spec) -> replacements.put(name, context.parameter(spec)));
        return new FullAttachment(
                replacements,
                new Unfreezing(
                        model.description().layers(), configuration.unfreezeEvery(), configuration.unfreezeFirst()));
    }

    /** What is replaced, by its name in the base. */
    private static Map<String, ParameterSpec> replaced(
            ModelView model, FullConfig configuration, Predicate<Weight> isNew) {
        TrainedModules modules = new TrainedModules(model, configuration);
        Map<String, ParameterSpec> replaced = new LinkedHashMap<>();
        for (Site site : model.sites()) {
            for (BaseParameters.BaseParameter base : BaseParameters.of(site)) {
                if (modules.contains(site) || isNew.test(base.weight())) {
                    replaced.putIfAbsent(base.weight().name(), declaration(site, base));
                }
            }
        }
        if (replaced.isEmpty()) {
            throw new ConfigurationException(
                    "trainable_layers and trainable_modules leave nothing to learn: no module" + " fits both");
        }
        return replaced;
    }

    /** Whether a parameter has learned nothing yet: what the checkpoint lacked learns whatever the configuration. */
    private static boolean isNew(Weight weight, AttachContext context) {
        return context.loading() ? context.stored(PeftNames.onDisk(weight.name())) : weight.fresh();
    }

    private static ParameterSpec declaration(Site site, BaseParameters.BaseParameter base) {
        return new ParameterSpec(
                PeftNames.onDisk(base.weight().name()),
                base.weight().shape(),
                Initializer.of(base.weight().tensor()),
                site.layer(),
                base.decays(),
                ParameterSpec.Storage.REQUIRED);
    }
}
