package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Builds the attachment: declares parameters under PEFT's names, and patches for every targeted site. */
final class LoraBuilder {
    private static final String PREFIX = "base_model.model.";

    private final ModelView model;
    private final LoraConfig config;
    private final AttachContext context;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Patches.Builder patches = Patches.builder();
    private final Map<String, UnaryOperator<Tensor>> merges = new LinkedHashMap<>();
    private final Map<String, LowRank> principal = new LinkedHashMap<>();

    LoraBuilder(ModelView model, LoraConfig config, AttachContext context) {
        this.model = model;
        this.config = config;
        this.context = context;
    }

    Attachment build() {
        List<Site> targets = Modules.targets(model, config);
        for (Site target : targets) {
            if (target instanceof LinearSite linear) {
                adapt(linear);
            } else if (target instanceof EmbeddingSite embedding) {
                adapt(embedding);
            }
        }
        trainBiases(targets);
        trainInFull();
        return new LoraAttachment(context.tensors(), parameters, patches.build(), merges, principal);
    }

    private void adapt(LinearSite site) {
        int rank = config.rank(site.name());
        double scaling = config.scaling(site.name());
        boolean pissa = config.initLoraWeights().equals("pissa") && !context.loading();
        PrincipalComponents components = pissa ? PrincipalComponents.of(context, site, rank, scaling) : null;
        Initializer initialA = pissa ? Initializer.of(components.a()) : LoraInitialization.a(config, rank);
        Initializer initialB = pissa ? Initializer.of(components.b()) : LoraInitialization.b(config);
        Parameter a = declare(site, ".lora_A.weight", Shape.of(rank, site.inputs()), initialA);
        Parameter b = declare(site, ".lora_B.weight", Shape.of(site.outputs(), rank), initialB);
        Parameter bias = config.loraBias()
                ? declare(site, ".lora_B.bias", Shape.of(site.outputs()), Initializer.constant(0))
                : null;
        LowRank.Start start =
                pissa ? new LowRank.Start(context.retain(components.a()), context.retain(components.b())) : null;
        LowRank lowRank = new LowRank(a, b, bias, scaling, config.loraDropout(), start);
        if (pissa) {
            principal.put(PREFIX + site.name(), lowRank);
        }
        if (config.useDora()) {
            decompose(site, lowRank);
            return;
        }
        patches.linear(site.name(), lowRank);
        merges.put(weightName(site.name(), site.weight()), base -> base.add(oriented(site, lowRank.delta())));
        if (bias != null) {
            mergeBias(site, bias, scaling);
        }
    }

    private void mergeBias(LinearSite site, Parameter bias, double scaling) {
        if (site.bias() == null) {
            merges.put(site.name() + ".bias", base -> bias.tensor().detach().mul(scaling));
        } else {
            merges.put(
                    site.bias().name(), base -> base.add(bias.tensor().detach().mul(scaling)));
        }
    }

    private void decompose(LinearSite site, LowRank lowRank) {
        if (lowRank.bias() != null) {
            throw new ConfigurationException("use_dora and lora_bias cannot be combined");
        }
        Tensor weight = WeightDecomposed.weight(site).cast(DType.FLOAT32);
        Tensor squaredNorms = context.retain(weight.square().sum(1));
        Parameter placeholder = null;
        WeightDecomposed initial = new WeightDecomposed(site, lowRank, placeholder, squaredNorms);
        Parameter magnitude =
                declare(site, ".lora_magnitude_vector", Shape.of(site.outputs()), Initializer.of(initial.norms()));
        WeightDecomposed patch = new WeightDecomposed(site, lowRank, magnitude, squaredNorms);
        patches.linear(site.name(), patch);
        merges.put(weightName(site.name(), site.weight()), base -> oriented(site, patch.merged(oriented(site, base))));
    }

    private void adapt(EmbeddingSite site) {
        if (config.useDora()) {
            throw new ConfigurationException("use_dora cannot be applied to the embedding '" + site.name()
                    + "': leave it out of target_modules");
        }
        int rank = config.rank(site.name());
        double scaling = config.scaling(site.name());
        Shape table = site.weight().shape();
        context.ignore(PREFIX + site.name() + ".base_layer.weight");
        Parameter a = declare(
                site, ".lora_embedding_A", Shape.of(rank, table.size(0)), LoraInitialization.embeddingA(config));
        Parameter b =
                declare(site, ".lora_embedding_B", Shape.of(table.size(1), rank), LoraInitialization.embeddingB());
        EmbeddingLowRank patch = new EmbeddingLowRank(a, b, scaling);
        patches.embedding(site.name(), patch);
        merges.put(weightName(site.name(), site.weight()), base -> base.add(patch.delta()));
    }

    private void trainBiases(List<Site> targets) {
        if (config.bias() == LoraConfig.Bias.NONE) {
            return;
        }
        List<String> saved = Modules.savedModules(model, config);
        for (Site site : model.sites()) {
            Weight bias = bias(site);
            boolean adapted = targets.contains(site);
            if (bias == null
                    || Modules.saved(site.name(), saved)
                    || (config.bias() == LoraConfig.Bias.LORA_ONLY && !adapted)) {
                continue;
            }
            String middle = adapted ? ".base_layer.bias" : ".bias";
            replace(site, middle, site.name() + ".bias", bias);
        }
        for (String junk : Modules.HEADS) {
            context.ignore(PREFIX + junk + ".modules_to_save.bias");
            context.ignore(PREFIX + junk + ".original_module.bias");
        }
    }

    private void trainInFull() {
        List<String> saved = Modules.savedModules(model, config);
        for (String name : config.modulesToSave()) {
            boolean assumed =
                    Modules.HEADS.contains(name) && model.description().labels() > 0;
            if (!assumed && model.sites().stream().noneMatch(site -> Modules.saved(site.name(), List.of(name)))) {
                throw new ConfigurationException(
                        "modules_to_save names '" + name + "', which this model does not have");
            }
        }
        for (Site site : model.sites()) {
            if (Modules.saved(site.name(), saved)) {
                Weight weight = weight(site);
                if (weight != null) {
                    replace(site, ".weight", site.name() + ".weight", weight);
                }
                Weight bias = bias(site);
                if (bias != null) {
                    replace(site, ".bias", site.name() + ".bias", bias);
                }
            }
        }
    }

    private void replace(Site site, String ending, String parameterName, Weight base) {
        Parameter parameter = declare(site, ending, base.shape(), Initializer.of(base.tensor()));
        patches.parameter(parameterName, (pass, value) -> parameter.tensor().cast(value.dtype()));
        merges.put(parameterName, value -> parameter.tensor().detach());
    }

    private Parameter declare(Site site, String ending, Shape shape, Initializer initializer) {
        Parameter parameter =
                context.parameter(ParameterSpec.of(PREFIX + site.name() + ending, shape, initializer, site.layer()));
        parameters.add(parameter);
        return parameter;
    }

    /** A head tied to the embedding is parted from it by adapting it, so its weight goes by its own name. */
    private static String weightName(String site, Weight weight) {
        return weight.name().startsWith(site + ".") ? weight.name() : site + ".weight";
    }

    private static Tensor oriented(LinearSite site, Tensor weight) {
        return site.inputMajor() ? weight.transpose(0, 1) : weight;
    }

    private static Weight weight(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.weight();
        }
        if (site instanceof EmbeddingSite embedding) {
            return embedding.weight();
        }
        return site instanceof NormSite norm ? norm.weight() : null;
    }

    private static Weight bias(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.bias();
        }
        return site instanceof NormSite norm ? norm.bias() : null;
    }
}
