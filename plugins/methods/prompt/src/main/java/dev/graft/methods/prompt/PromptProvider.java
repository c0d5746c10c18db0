package dev.graft.methods.prompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers prompt tuning (Lester, Al-Rfou and Constant 2021). */
public final class PromptProvider implements MethodProvider<PromptConfig> {
    private static final String VECTORS = "prompt_embeddings";
    private static final int BELOW_THE_BLOCKS = -1;

    @Override
    public String id() {
        return "prompt";
    }

    @Override
    public String summary() {
        return "Prompt tuning: virtual tokens in front of the input, whose vectors learn";
    }

    @Override
    public Class<PromptConfig> configuration() {
        return PromptConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Virtual tokens stand in front of every input. They have vectors of their own in place of those of"
                        + " words, and only these vectors learn; the model itself stays as it is.",
                "h = f([P; E(x)]) with P of n rows as wide as the embeddings E(x); argmax_P log p(y | [P; E(x)])",
                "Lester, Al-Rfou and Constant 2021, The Power of Scale for Parameter-Efficient Prompt Tuning",
                "Large models, many tasks on one base, adapters of a few kilobytes. Small models follow a prompt at the"
                        + " input poorly and need a large learning rate (0.01 to 0.3): choose prefixes or low rank there.",
                "num_virtual_tokens * width, and the head of a model that classifies",
                "PEFT's: adapter_config.json with peft_type PROMPT_TUNING; adapter_model.safetensors with"
                        + " prompt_embeddings and base_model.<head>.weight");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM, Task.SEQ_CLS),
                100,
                10_000,
                0.45,
                Suitability.Cost.LONGER_TEXTS,
                0.001,
                "",
                Map.of("num_virtual_tokens", 20),
                3e-2));
    }

    @Override
    public AdapterFormat format() {
        return new PromptFormat();
    }

    @Override
    public long trainableParameters(ModelView model, PromptConfig configuration) {
        long width = table(model).weight().shape().size(1);
        return configuration.numVirtualTokens() * width
                + FullModules.heads(model).elements(model);
    }

    @Override
    public Combination.Result<PromptConfig> combine(Tensors tensors, Combination<PromptConfig> combination) {
        return LinearCombination.sum(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, PromptConfig configuration, AttachContext context) {
        EmbeddingSite table = table(model);
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        Shape shape = Shape.of(
                configuration.numVirtualTokens(), table.weight().shape().size(1));
        Parameter vectors = attachment.declare(ParameterSpec.of(
                VECTORS, shape, PromptInitialization.of(configuration, table, context), BELOW_THE_BLOCKS));
        attachment.patches().embedding(table.name(), new SoftPrompt(vectors));
        FullModules.heads(model).train(model, attachment, ParameterSpec.Storage.REQUIRED);
        attachment.refuseMerge("a prompt cannot be merged: its virtual tokens stand in front of the input and have no"
                + " place in the weights of the base");
        return attachment.build();
    }

    private static EmbeddingSite table(ModelView model) {
        if (model.description().task() == Task.SEQ_2_SEQ_LM) {
            throw new ConfigurationException("prompt tuning of models with an encoder and a decoder is not supported;"
                    + " choose a model with one stack");
        }
        return model.sites(EmbeddingSite.class)
                .filter(site -> site.role() == EmbeddingSite.Role.TOKEN)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "prompt tuning needs a token table to stand in front of, which this model does not have"));
    }
}
