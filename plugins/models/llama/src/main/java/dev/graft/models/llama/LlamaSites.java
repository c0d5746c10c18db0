package dev.graft.models.llama;

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

/** Puts a decoder together out of a checkpoint's weights, under the module names of transformers. */
final class LlamaSites {
    private static final String BASE = "model.";

    private final ModelContext context;
    private final LlamaConfig config;
    private final Weights weights;
    private final String prefix;

    private LlamaSites(ModelContext context) {
        this.context = context;
        this.config = LlamaConfig.read(context.config());
        this.prefix = context.task() == Task.FEATURE_EXTRACTION ? "" : BASE;
        this.weights = new SpelledWeights(
                context.weights(),
                name -> List.of(name.startsWith(BASE) ? name.substring(BASE.length()) : BASE + name));
    }

    /** The model for a checkpoint and a task. */
    static LlamaModel assemble(ModelContext context, String architecture) {
        LlamaSites sites = new LlamaSites(context);
        LlamaConfig config = sites.config;
        EmbeddingSite embedding = sites.embedding();
        List<LlamaLayer> layers = new ArrayList<>();
        for (int index = 0; index < config.layers().size(); index++) {
            layers.add(sites.layer(index));
        }
        return new LlamaModel(
                sites.description(architecture),
                embedding,
                List.copyOf(layers),
                sites.norm(sites.prefix + "norm", Integer.MAX_VALUE, config.hidden()),
                sites.head(embedding.weight()));
    }

    private ModelDescription description(String architecture) {
        boolean labelled = context.task() == Task.SEQ_CLS || context.task() == Task.TOKEN_CLS;
        return new ModelDescription(
                context.config().modelType(),
                architecture,
                context.task(),
                config.layers().size(),
                config.hidden(),
                config.heads(),
                config.keyHeads(),
                config.headSize(),
                config.vocabulary(),
                config.maxPositions(),
                labelled ? context.labels() : 0,
                config.padToken());
    }

    private EmbeddingSite embedding() {
        String name = prefix + "embed_tokens";
        Weight table = weights.require(name + ".weight", Shape.of(config.vocabulary(), config.hidden()));
        return new EmbeddingSite(name, EmbeddingSite.Role.TOKEN, table, 1);
    }

    private LlamaLayer layer(int index) {
        String block = prefix + "layers." + index;
        String attention = block + ".self_attn";
        String feedForward = block + ".mlp";
        int hidden = config.hidden();
        int wide = config.feedForward();
        int queries = config.heads() * config.headSize();
        int keys = config.keyHeads() * config.headSize();
        boolean bias = config.inputBias();
        return new LlamaLayer(
                index,
                config.layers().get(index).rope(),
                norm(block + ".input_layernorm", index, hidden),
                linear(attention + ".q_proj", Role.QUERY, index, queries, hidden, bias),
                linear(attention + ".k_proj", Role.KEY, index, keys, hidden, bias),
                linear(attention + ".v_proj", Role.VALUE, index, keys, hidden, bias),
                config.normedHeads() ? norm(attention + ".q_norm", index, config.headSize()) : null,
                config.normedHeads() ? norm(attention + ".k_norm", index, config.headSize()) : null,
                attention(attention, index),
                linear(attention + ".o_proj", Role.ATTENTION_OUTPUT, index, hidden, queries, config.outputBias()),
                new SublayerSite(attention, SublayerSite.Kind.ATTENTION, index, hidden, null),
                norm(block + ".post_attention_layernorm", index, hidden),
                linear(feedForward + ".gate_proj", Role.FFN_GATE, index, wide, hidden, config.feedForwardBias()),
                linear(feedForward + ".up_proj", Role.FFN_UP, index, wide, hidden, config.feedForwardBias()),
                linear(feedForward + ".down_proj", Role.FFN_DOWN, index, hidden, wide, config.feedForwardBias()),
                config.activation(),
                new SublayerSite(feedForward, SublayerSite.Kind.FEED_FORWARD, index, hidden, null));
    }

    private AttentionSite attention(String name, int index) {
        return new AttentionSite(
                name,
                AttentionSite.Kind.CAUSAL,
                index,
                config.heads(),
                config.keyHeads(),
                config.headSize(),
                1 / Math.sqrt(config.headSize()),
                config.layers().get(index).window(),
                config.attentionDropout());
    }

    private LinearSite linear(String name, Role role, int index, int outputs, int inputs, boolean biased) {
        Weight weight = weights.require(name + ".weight", Shape.of(outputs, inputs));
        Weight bias = biased ? weights.require(name + ".bias", Shape.of(outputs)) : null;
        return new LinearSite(name, role, index, weight, bias, false);
    }

    private NormSite norm(String name, int index, int width) {
        Weight weight = weights.require(name + ".weight", Shape.of(width));
        return new NormSite(name, NormSite.Kind.RMS, index, weight, null, config.normEpsilon());
    }

    private Head head(Weight table) {
        return switch (context.task()) {
            case CAUSAL_LM -> new Head.Vocabulary(vocabulary(table));
            case SEQ_CLS -> new Head.LastToken(score(false));
            case TOKEN_CLS -> new Head.EveryToken(score(true), config.headDropout());
            case FEATURE_EXTRACTION -> new Head.None();
            default ->
                throw new ConfigurationException(
                        "models of type " + context.config().modelType()
                                + " have no head for " + context.task()
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

    private LinearSite score(boolean biased) {
        if (context.labels() < 1) {
            throw new ConfigurationException("a classification head needs at least 1 label, found " + context.labels()
                    + " for task " + context.task());
        }
        Weight weight = weights.requireOrCreate(
                "score.weight", Shape.of(context.labels(), config.hidden()), Initializer.normal(config.deviation()));
        Weight bias = biased
                ? weights.requireOrCreate("score.bias", Shape.of(context.labels()), Initializer.constant(0))
                : null;
        return new LinearSite("score", Role.HEAD, Integer.MAX_VALUE, weight, bias, false);
    }
}
