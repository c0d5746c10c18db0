package dev.graft.methods.ptuning;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.FullModules;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Offers P-tuning (Liu et al. 2021). */
public final class PTuningProvider implements MethodProvider<PTuningConfig> {
    private static final String VECTORS = "prompt_embeddings";
    private static final int BELOW_THE_BLOCKS = -1;

    @Override
    public String id() {
        return "p-tuning";
    }

    @Override
    public String summary() {
        return "P-tuning: virtual tokens that a small network writes, in front of the input or inside a template";
    }

    @Override
    public Class<PTuningConfig> configuration() {
        return PTuningConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Virtual tokens stand in front of the input or at places of a template. A small network writes their"
                        + " vectors, so that they depend on one another and learn more steadily than free ones. When"
                        + " training is over only what it wrote is needed.",
                "MLP: P = W3 relu(W2 relu(W1 E + b1) + b2) + b3; LSTM: P = W2 relu(W1 [h-forward; h-backward] + b1) +"
                        + " b2 with h from a bidirectional LSTM over E; the input is [P; E(x)], or a template with P in"
                        + " place of its pseudo tokens",
                "Liu et al. 2021, GPT Understands, Too",
                "Understanding tasks and templates with learned parts. On small models prefixes at every layer"
                        + " (prefix, p-tuning-v2) reach further than any prompt at the input.",
                "MLP: n d + (d + 1) h + (h + 1) h + (h + 1) d; LSTM of L layers: n d + 8 h (d + h + 2) + (L - 1) 8 h"
                        + " (3 h + 2) + (2 h + 1) 2 h + (2 h + 1) d; and the head of a model that classifies",
                "PEFT's: adapter_config.json with peft_type P_TUNING; adapter_model.safetensors with prompt_embeddings,"
                        + " what the network wrote, and base_model.<head>.weight; the network itself in the side file,"
                        + " under prompt_encoder.default");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM, Task.SEQ_CLS),
                100,
                10_000,
                0.5,
                Suitability.Cost.LONGER_TEXTS,
                0.02,
                "",
                Map.of("num_virtual_tokens", 20),
                1e-3));
    }

    @Override
    public AdapterFormat format() {
        return new PTuningFormat();
    }

    @Override
    public long trainableParameters(ModelView model, PTuningConfig configuration) {
        int width = width(table(model));
        int hidden = hidden(configuration, width);
        long encoder = isLstm(configuration)
                ? LstmEncoder.elements(
                        configuration.numVirtualTokens(), width, hidden, configuration.encoderNumLayers())
                : MlpEncoder.elements(configuration.numVirtualTokens(), width, hidden);
        return encoder + FullModules.heads(model).elements(model);
    }

    @Override
    public Combination.Result<PTuningConfig> combine(Tensors tensors, Combination<PTuningConfig> combination) {
        return LinearCombination.sum(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, PTuningConfig configuration, AttachContext context) {
        EmbeddingSite table = table(model);
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        PromptEncoder encoder = context.loading() && !context.stored(EncoderParameters.INPUT)
                ? written(attachment, configuration, width(table))
                : encoder(attachment, configuration, width(table));
        attachment.patches().embedding(table.name(), patch(encoder, model, configuration, context));
        FullModules.heads(model).train(model, attachment, ParameterSpec.Storage.REQUIRED);
        attachment.refuseMerge("a prompt cannot be merged: its virtual tokens stand among those of the input and have"
                + " no place in the weights of the base");
        return attachment.build();
    }

    private static EmbeddingPatch patch(
            PromptEncoder encoder, ModelView model, PTuningConfig configuration, AttachContext context) {
        int count = configuration.numVirtualTokens();
        double dropout = configuration.encoderDropout();
        return configuration.pseudoToken() == null
                ? new TokensInFront(encoder, count, dropout)
                : new TokensInTemplate(
                        encoder, count, dropout, pseudoToken(model, configuration.pseudoToken(), context));
    }

    /** What an encoder that is gone wrote, learning on by itself. */
    private static PromptEncoder written(AttachmentBuilder attachment, PTuningConfig configuration, int width) {
        Shape shape = Shape.of(configuration.numVirtualTokens(), width);
        Parameter vectors =
                attachment.declare(ParameterSpec.of(VECTORS, shape, Initializer.constant(0), BELOW_THE_BLOCKS));
        return dropout -> vectors.tensor();
    }

    private static PromptEncoder encoder(AttachmentBuilder attachment, PTuningConfig configuration, int width) {
        EncoderParameters parameters = new EncoderParameters(attachment);
        int tokens = configuration.numVirtualTokens();
        int hidden = hidden(configuration, width);
        PromptEncoder encoder = isLstm(configuration)
                ? LstmEncoder.declare(parameters, tokens, width, hidden, configuration.encoderNumLayers())
                : MlpEncoder.declare(parameters, tokens, width, hidden);
        attachment.context().ignore(VECTORS);
        attachment.write(
                VECTORS,
                () -> attachment.context().tensors().withoutGradient(() -> encoder.vectors(UnaryOperator.identity())));
        return encoder;
    }

    private static boolean isLstm(PTuningConfig configuration) {
        return "LSTM".equals(configuration.encoderReparameterizationType());
    }

    private static int hidden(PTuningConfig configuration, int width) {
        return configuration.encoderHiddenSize() == null ? width : configuration.encoderHiddenSize();
    }

    private static int width(EmbeddingSite table) {
        return Math.toIntExact(table.weight().shape().size(1));
    }

    private static EmbeddingSite table(ModelView model) {
        if (model.description().task() == Task.SEQ_2_SEQ_LM) {
            throw new ConfigurationException("P-tuning of models with an encoder and a decoder is not supported; choose"
                    + " a model with one stack");
        }
        return model.sites(EmbeddingSite.class)
                .filter(site -> site.role() == EmbeddingSite.Role.TOKEN)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        "P-tuning needs a token table to stand among, which this model does not have"));
    }

    private static long pseudoToken(ModelView model, String token, AttachContext context) {
        return NamedToken.id(
                "pseudo_token",
                token,
                model,
                context,
                () -> context.tokenizer()
                        .orElseThrow(() -> new ConfigurationException("pseudo_token is '" + token
                                + "', which needs a tokenizer to be found, but the base model has none")));
    }
}
