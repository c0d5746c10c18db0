package dev.graft.models.gpt2;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Head;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.SpelledWeights;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.model.Weights;
import dev.graft.spi.tensor.Initializer;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the decoder together out of a checkpoint's weights, under the module names of transformers. Causal masks that
 * old checkpoints store beside the weights ({@code attn.bias}, {@code attn.masked_bias}) are never asked for.
 */
final class Gpt2Sites {
    private static final String BASE = "transformer.";

    private final ModelContext context;
    private final Gpt2Config config;
    private final Weights weights;
    private final String prefix;

    private Gpt2Sites(ModelContext context) {
        this.context = context;
        this.config = Gpt2Config.read(context.config());
        this.prefix = context.task() == Task.FEATURE_EXTRACTION ? "" : BASE;
        this.weights = new SpelledWeights(
                context.weights(),
                name -> List.of(name.startsWith(BASE) ? name.substring(BASE.length()) : BASE + name));
    }

    /** The model for a checkpoint and a task. */
    static Gpt2Model assemble(ModelContext context, String architecture) {
        Gpt2Sites sites = new Gpt2Sites(context);
        Gpt2Config config = sites.config;
        EmbeddingSite tokens = sites.table("wte", EmbeddingSite.Role.TOKEN, config.vocabulary());
        EmbeddingSite positions = sites.table("wpe", EmbeddingSite.Role.POSITION, config.positions());
        List<Gpt2Layer> layers = new ArrayList<>();
        for (int index = 0; index < config.layers(); index++) {
            layers.add(sites.layer(index));
        }
        return new Gpt2Model(
                sites.description(architecture),
                tokens,
                positions,
                config.embeddingDropout(),
                List.copyOf(layers),
                sites.norm(sites.prefix + "ln_f", Integer.MAX_VALUE),
                sites.head(tokens.weight()));
    }

    private ModelDescription description(String architecture) {
        boolean labelled = context.task() == Task.SEQ_CLS || context.task() == Task.TOKEN_CLS;
        return new ModelDescription(
                context.config().modelType(),
                architecture,
                context.task(),
                config.layers(),
                config.hidden(),
                config.heads(),
                config.heads(),
                config.headSize(),
                config.vocabulary(),
                config.positions(),
                labelled ? context.labels() : 0,
                config.padToken());
    }

    private EmbeddingSite table(String name, EmbeddingSite.Role role, int rows) {
        Weight table = weights.require(prefix + name + ".weight", Shape.of(rows, config.hidden()));
        return new EmbeddingSite(prefix + name, role, table, 1);
    }

    private Gpt2Layer layer(int index) {
        String block = prefix + "h." + index;
        String attention = block + ".attn";
        String feedForward = block + ".mlp";
        int hidden = config.hidden();
        int wide = config.feedForward();
        return new Gpt2Layer(
                index,
                norm(block + ".ln_1", index),
                linear(attention + ".c_attn", Role.QUERY_KEY_VALUE, index, hidden, 3 * hidden),
                attention(attention, index),
                linear(attention + ".c_proj", Role.ATTENTION_OUTPUT, index, hidden, hidden),
                new SublayerSite(attention, SublayerSite.Kind.ATTENTION, index, hidden, null),
                norm(block + ".ln_2", index),
                linear(feedForward + ".c_fc", Role.FFN_UP, index, hidden, wide),
                linear(feedForward + ".c_proj", Role.FFN_DOWN, index, wide, hidden),
                new SublayerSite(feedForward, SublayerSite.Kind.FEED_FORWARD, index, hidden, null),
                config.activation(),
                config.residualDropout());
    }

    private AttentionSite attention(String name, int index) {
        return new AttentionSite(
                name,
                AttentionSite.Kind.CAUSAL,
                index,
                config.heads(),
                config.heads(),
                config.headSize(),
                config.attentionScale(index),
                0,
                config.attentionDropout());
    }

    private LinearSite linear(String name, Role role, int index, int inputs, int outputs) {
        Weight weight = weights.require(name + ".weight", Shape.of(inputs, outputs));
        Weight bias = weights.require(name + ".bias", Shape.of(outputs));
        return new LinearSite(name, role, index, weight, bias, true);
    }

    private NormSite norm(String name, int index) {
        Weight weight = weights.require(name + ".weight", Shape.of(config.hidden()));
        Weight bias = weights.require(name + ".bias", Shape.of(config.hidden()));
        return new NormSite(name, NormSite.Kind.LAYER, index, weight, bias, config.normEpsilon());
    }

    private Head head(Weight table) {
        return switch (context.task()) {
            case CAUSAL_LM -> new Head.Vocabulary(vocabulary(table));
            case SEQ_CLS -> new Head.LastToken(labelled("score", false));
            case TOKEN_CLS -> new Head.EveryToken(labelled("classifier", true), config.headDropout());
            case FEATURE_EXTRACTION -> new Head.None();
            default ->
                throw new ConfigurationException("models of type gpt2 have no head for " + context.task()
                        + "; they have heads for CAUSAL_LM, SEQ_CLS, TOKEN_CLS and FEATURE_EXTRACTION");
        };
    }

    private LinearSite vocabulary(Weight table) {
        Shape shape = Shape.of(config.vocabulary(), config.hidden());
        Weight weight = config.tied()
                ? table
                : weights.requireOrCreate("lm_head.weight", shape, Initializer.normal(config.deviation()));
        return new LinearSite("lm_head", Role.VOCABULARY, Integer.MAX_VALUE, weight, null, false);
    }

    private LinearSite labelled(String name, boolean biased) {
        int labels = context.labels();
        if (labels < 1) {
            throw new ConfigurationException(
                    "a classification head needs at least 1 label, found " + labels + " for task " + context.task());
        }
        Weight weight = weights.requireOrCreate(
                name + ".weight", Shape.of(labels, config.hidden()), Initializer.normal(config.deviation()));
        Weight bias =
                biased ? weights.requireOrCreate(name + ".bias", Shape.of(labels), Initializer.constant(0)) : null;
        return new LinearSite(name, Role.HEAD, Integer.MAX_VALUE, weight, bias, false);
    }
}
