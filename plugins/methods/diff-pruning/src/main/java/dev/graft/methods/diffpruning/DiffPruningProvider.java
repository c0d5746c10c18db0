package dev.graft.methods.diffpruning;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.ElementDelta;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec.Storage;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers DiffPruning. */
public final class DiffPruningProvider implements MethodProvider<DiffPruningConfig> {
    private static final AdapterFormat FORMAT = new RecipeFormat(
            "GRAFT_DIFF_PRUNING",
            Set.of(
                    "density",
                    "structured",
                    "fixmask_fraction",
                    "penalty",
                    "alpha_init",
                    "temperature",
                    "stretch_low",
                    "stretch_high",
                    "target_modules",
                    "exclude_modules",
                    "biases"));

    @Override
    public String id() {
        return "diff-pruning";
    }

    @Override
    public String summary() {
        return "A sparse difference to the base, found by gates that learn to close";
    }

    @Override
    public Class<DiffPruningConfig> configuration() {
        return DiffPruningConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "The task is a difference to the base that learns to be sparse: every element of it has a random gate,"
                        + " the expected number of open gates is part of the loss, and whole matrices have a gate as"
                        + " well in the structured form. Then the largest elements up to the density asked for stay, and"
                        + " learn on without gates.",
                "W = W0 + z * w, z = z_group * z_element, z = min(1, max(0, s (r - l) + l)), s = sigmoid((log u -"
                        + " log(1 - u) + log alpha) / beta), u ~ U(0, 1); loss + penalty * sum sigmoid(log alpha - beta"
                        + " log(-l / r))",
                "Guo, Rush and Kim 2021, Parameter-Efficient Transfer Learning with Diff Pruning (ACL); gates: Louizos,"
                        + " Welling and Kingma 2018, Learning Sparse Neural Networks through L0 Regularization",
                "Many tasks from one base where each may keep half a percent of the weights and quality counts: it"
                        + " reaches that of full fine-tuning. Training costs more memory than full fine-tuning, since"
                        + " every element has a difference and a gate; where that is too much, choose a fixed mask.",
                "k = round(density * number of targeted elements), and the elements of a classification head; until the"
                        + " cut, two for each targeted element and one for each targeted parameter learn in their place",
                "adapter_config.json with peft_type GRAFT_DIFF_PRUNING; adapter_model.safetensors with, for every"
                        + " parameter that differs, base_model.model.<parameter>.indices [n] (I64, positions row by row,"
                        + " rising) and base_model.model.<parameter>.values [n] (what is added there)");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class), 5_000, 500_000, 0.88, Suitability.Cost.NOTHING, 2, "", Map.of(), 1e-3));
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, DiffPruningConfig configuration) {
        return targets(model, configuration).count(configuration.density())
                + FullModules.heads(model).elements(model);
    }

    @Override
    public Attachment attach(ModelView model, DiffPruningConfig configuration, AttachContext context) {
        TargetedParameters targets = targets(model, configuration);
        long count = targets.count(configuration.density());
        ElementDelta delta = ElementDelta.declare(context, targets, count, PeftNames::onDisk);
        AttachmentBuilder heads = new AttachmentBuilder(context, PeftNames::onDisk);
        FullModules.heads(model).train(model, heads, Storage.REQUIRED);
        List<GatedDifference> gated = context.loading()
                ? List.of()
                : targets.all().stream()
                        .map(target -> GatedDifference.declare(configuration, target, context))
                        .toList();
        return new DiffPruningAttachment(configuration, context, targets, gated, delta, heads.build());
    }

    private static TargetedParameters targets(ModelView model, DiffPruningConfig configuration) {
        return TargetedParameters.of(
                model, configuration.targetModules(), configuration.excludeModules(), configuration.biases());
    }
}
