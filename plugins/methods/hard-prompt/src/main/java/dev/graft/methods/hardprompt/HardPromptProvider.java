package dev.graft.methods.hardprompt;

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
import dev.graft.spi.method.NamedToken;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensors;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers the trainable tokens of a template, the hybrid of words and vectors. */
public final class HardPromptProvider implements MethodProvider<HardPromptConfig> {
    private static final String VECTORS = "prompt_embeddings";
    private static final int BELOW_THE_BLOCKS = -1;

    @Override
    public String id() {
        return "hard-prompt";
    }

    @Override
    public String summary() {
        return "Hybrid prompts: trainable tokens at places of a template in words";
    }

    @Override
    public Class<HardPromptConfig> configuration() {
        return HardPromptConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A template turns an example into a question whose answer is a word, and a verbaliser reads labels off"
                        + " the words the model expects there (objective hard-prompt; it needs no training). This"
                        + " method trains the vectors at the {soft} places of such a template, while the model and the"
                        + " words of the template stay as they are.",
                "q(y | x) = softmax over labels of s(y | x), s(y | x) = mean over words w of v(y) of"
                        + " log p(mask = w | P(x)); at the i-th {soft} place of P(x) the vector P_i stands for e(token)",
                "Schick and Schuetze 2021, Exploiting Cloze Questions for Few Shot Text Classification and Natural"
                        + " Language Inference; Liu et al. 2021, GPT Understands, Too (trainable tokens in templates)",
                "Few labelled examples, or none, and a model that knows the language of the task. With thousands of"
                        + " examples lora under the same objective reaches further.",
                "num_virtual_tokens * width",
                "Graft's own: adapter_config.json with peft_type GRAFT_HARD_PROMPT; adapter_model.safetensors with"
                        + " prompt_embeddings and soft_token_id");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM, Task.SEQ_CLS),
                0,
                100,
                0.5,
                Suitability.Cost.LONGER_TEXTS,
                0.001,
                "a template and a verbaliser, in objective hard-prompt",
                Map.of(),
                1e-2));
    }

    @Override
    public AdapterFormat format() {
        return new HardPromptFormat();
    }

    @Override
    public long trainableParameters(ModelView model, HardPromptConfig configuration) {
        return configuration.numVirtualTokens() * table(model).weight().shape().size(1);
    }

    @Override
    public Combination.Result<HardPromptConfig> combine(Tensors tensors, Combination<HardPromptConfig> combination) {
        return LinearCombination.alike(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, HardPromptConfig configuration, AttachContext context) {
        EmbeddingSite table = table(model);
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        Shape shape = Shape.of(
                configuration.numVirtualTokens(), table.weight().shape().size(1));
        Initializer start = context.loading()
                ? Initializer.constant(0)
                : new SoftStart(table, initial(model, configuration, context));
        long token = NamedToken.id("soft_token", configuration.softToken(), model, context, () -> tokenizer(context));
        Parameter vectors = attachment.declare(ParameterSpec.of(VECTORS, shape, start, BELOW_THE_BLOCKS));
        attachment.patches().embedding(table.name(), new SoftPlaces(vectors, token));
        attachment.refuseMerge("a prompt cannot be merged: its trainable tokens stand among those of the input and have"
                + " no place in the weights of the base");
        return attachment.build();
    }

    private static int[] initial(ModelView model, HardPromptConfig configuration, AttachContext context) {
        Template template = Template.parse("template", configuration.template());
        int[] tokens = SoftTokens.initial(template, tokenizer(context));
        if (tokens.length != configuration.numVirtualTokens()) {
            throw new ConfigurationException("the {soft} places of template '" + configuration.template() + "' make "
                    + tokens.length + " tokens, but num_virtual_tokens is " + configuration.numVirtualTokens()
                    + "; it must be their number");
        }
        for (int token : tokens) {
            if (token >= model.description().vocabulary()) {
                throw new ConfigurationException("template '" + configuration.template()
                        + "' begins trainable tokens from token " + token + ", which is beyond the "
                        + model.description().vocabulary() + " vectors of the base model");
            }
        }
        return tokens;
    }

    private static EmbeddingSite table(ModelView model) {
        Task task = model.description().task();
        if (task != Task.CAUSAL_LM && task != Task.MASKED_LM) {
            throw new ConfigurationException(
                    "hard prompts are answered by causal or masked language models; this model is loaded for " + task);
        }
        return model.sites(EmbeddingSite.class)
                .filter(site -> site.role() == EmbeddingSite.Role.TOKEN)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "hard-prompt needs a token table to stand among, which this model does not have"));
    }

    private static Tokenizer tokenizer(AttachContext context) {
        return context.tokenizer()
                .orElseThrow(() -> new ConfigurationException(
                        "hard-prompt needs a tokenizer to find soft_token and the initial texts of its template, but the"
                                + " base model has none"));
    }
}
