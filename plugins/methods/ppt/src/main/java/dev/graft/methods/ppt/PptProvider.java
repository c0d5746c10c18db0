package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers the soft prompt of pre-trained prompt tuning (Gu et al. 2022). */
public final class PptProvider implements MethodProvider<PptConfig> {
    private static final String VECTORS = "prompt_embeddings";
    private static final int BELOW_THE_BLOCKS = -1;

    @Override
    public String id() {
        return "ppt";
    }

    @Override
    public String summary() {
        return "Pre-trained prompt tuning: a soft prompt that learns from unlabelled text before it learns a task";
    }

    @Override
    public Class<PptConfig> configuration() {
        return PptConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "With few examples a soft prompt learns badly from a random beginning. Here it first learns tasks that are"
                        + " made from unlabelled text and look like the task to come (objective ppt-pretraining); then"
                        + " the task itself, from there (objective ppt-tuning, and adapter: in the method section). The"
                        + " model stays as it is in both stages.",
                "stage one and stage two: argmax_P sum over x of log p(<X> = v(y) | [P; f(x)]) with a pattern f that turns"
                        + " x into text with a place <X>, and a verbaliser v that gives every label y a word",
                "Gu, Han, Liu and Huang 2022, PPT: Pre-trained Prompt Tuning for Few-shot Learning",
                "A handful of labelled examples, much unlabelled text, and a model large enough to follow a prompt. With"
                        + " hundreds of examples prompt, prefix or lora need no first stage.",
                "num_virtual_tokens * width",
                "PEFT's prompt tuning: adapter_config.json with peft_type PROMPT_TUNING, and graft_method ppt, which PEFT"
                        + " passes over; adapter_model.safetensors with prompt_embeddings");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM),
                4,
                200,
                0.5,
                Suitability.Cost.LONGER_TEXTS,
                0.001,
                "a first stage on unlabelled text, in objective ppt-pretraining",
                Map.of(),
                5e-3));
    }

    @Override
    public AdapterFormat format() {
        return new PptFormat();
    }

    @Override
    public long trainableParameters(ModelView model, PptConfig configuration) {
        return configuration.numVirtualTokens() * table(model).weight().shape().size(1);
    }

    @Override
    public Combination.Result<PptConfig> combine(Tensors tensors, Combination<PptConfig> combination) {
        return LinearCombination.sum(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, PptConfig configuration, AttachContext context) {
        EmbeddingSite table = table(model);
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        Shape shape = Shape.of(
                configuration.numVirtualTokens(), table.weight().shape().size(1));
        Initializer initializer = context.loading()
                ? Initializer.constant(0)
                : Initializer.normal(
                        configuration.deviation() == null ? deviation(table, context) : configuration.deviation());
        Parameter vectors = attachment.declare(ParameterSpec.of(VECTORS, shape, initializer, BELOW_THE_BLOCKS));
        attachment.patches().embedding(table.name(), new SoftPrompt(vectors));
        attachment.refuseMerge("a prompt cannot be merged: its virtual tokens stand in front of the input and have no"
                + " place in the weights of the base");
        return attachment.build();
    }

    private static double deviation(EmbeddingSite table, AttachContext context) {
        return context.tensors().withoutGradient(() -> {
            Tensor vectors = table.weight().tensor();
            double mean = vectors.mean().item();
            return Math.sqrt(Math.max(0, vectors.square().mean().item() - mean * mean)) * table.scale();
        });
    }

    private static EmbeddingSite table(ModelView model) {
        Task task = model.description().task();
        if (task != Task.CAUSAL_LM) {
            throw new ConfigurationException(
                    "pre-trained prompt tuning answers with words of a causal language model; this"
                            + " model is loaded for " + task);
        }
        return model.sites(EmbeddingSite.class)
                .filter(site -> site.role() == EmbeddingSite.Role.TOKEN)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "pre-trained prompt tuning needs a token table to stand in front of, which this model does not"
                                + " have"));
    }
}
