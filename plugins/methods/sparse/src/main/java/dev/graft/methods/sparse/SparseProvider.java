package dev.graft.methods.sparse;

import dev.graft.methods.sparse.SparseConfig.Mask;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.ElementChoice;
import dev.graft.spi.method.ElementDelta;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec.Storage;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.RandomStream;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers sparse fine-tuning by a fixed mask. */
public final class SparseProvider implements MethodProvider<SparseConfig> {
    private static final AdapterFormat FORMAT = new RecipeFormat(
            "GRAFT_SPARSE",
            Set.of(
                    "mask",
                    "density",
                    "target_modules",
                    "exclude_modules",
                    "biases",
                    "fisher_examples",
                    "trial_fraction",
                    "seed"));

    @Override
    public String id() {
        return "sparse";
    }

    @Override
    public String summary() {
        return "Single elements of the base, chosen at random, by Fisher information or by a trial run";
    }

    @Override
    public Class<SparseConfig> configuration() {
        return SparseConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A mask chooses single elements of the base's weights before training; only these learn, all others keep"
                        + " their value to the bit. The mask is random, or holds the elements with the largest Fisher"
                        + " information, or those that change most in a trial run in which everything learns (a lottery"
                        + " ticket), after which the run goes back to the base.",
                "W = W0 + M * dW, M in {0, 1} with k ones; Fisher: the k largest of 1/N sum_i (d log p(y_i | x_i) /"
                        + " d W)^2; lottery ticket: the k largest of |W_trial - W0|; k = round(density * targeted"
                        + " elements)",
                "Sung, Nair and Raffel 2021, Training Neural Networks with Fixed Sparse Masks (FISH mask); Ansell et al."
                        + " 2022, Composable Sparse Fine-Tuning for Cross-Lingual Transfer (LT-SFT)",
                "Adapters that must be tiny on disk, leave no trace in the architecture and add no latency once merged,"
                        + " or that are to be added up. Fisher is the better mask of the two that need no trial;"
                        + " lottery-ticket is the best and costs the memory of full fine-tuning while it tries.",
                "k = round(density * number of targeted elements), and the elements of a classification head",
                "adapter_config.json with peft_type GRAFT_SPARSE; adapter_model.safetensors with, for every parameter"
                        + " that has chosen elements, base_model.model.<parameter>.indices [n] (I64, positions row by"
                        + " row, rising) and base_model.model.<parameter>.values [n] (what is added there)");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class), 500, 50_000, 0.75, Suitability.Cost.NOTHING, 1, "", Map.of(), 1e-3));
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, SparseConfig configuration) {
        return targets(model, configuration).count(configuration.density())
                + FullModules.heads(model).elements(model);
    }

    @Override
    public Attachment attach(ModelView model, SparseConfig configuration, AttachContext context) {
        TargetedParameters targets = targets(model, configuration);
        long count = targets.count(configuration.density());
        ElementDelta delta = ElementDelta.declare(context, targets, count, PeftNames::onDisk);
        AttachmentBuilder heads = new AttachmentBuilder(context, PeftNames::onDisk);
        FullModules.heads(model).train(model, heads, Storage.REQUIRED);
        DenseTrial trial = null;
        if (!context.loading()) {
            if (configuration.mask() == Mask.RANDOM) {
                RandomStream random = configuration.seed() == null
                        ? context.random().fork("mask")
                        : RandomStream.seeded(configuration.seed());
                delta.choose(context.tensors(), ElementChoice.random(targets, count, random));
            } else {
                trial = DenseTrial.declare(model, targets, context, configuration.mask() == Mask.LOTTERY_TICKET);
            }
        }
        return new SparseAttachment(configuration, context, targets, delta, heads.build(), trial);
    }

    private static TargetedParameters targets(ModelView model, SparseConfig configuration) {
        return TargetedParameters.of(
                model, configuration.targetModules(), configuration.excludeModules(), configuration.biases());
    }
}
