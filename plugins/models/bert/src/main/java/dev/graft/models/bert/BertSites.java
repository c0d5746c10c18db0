package dev.graft.models.bert;

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
import java.util.ArrayList;
import java.util.List;

/** Puts an encoder together out of a checkpoint's weights, under the module names of transformers. */
final class BertSites {
    private final ModelContext context;
    private final BertConfig config;
    private final Weights weights;
    private final String prefix;

    private BertSites(ModelContext context) {
        this.context = context;
        this.config = BertConfig.read(context.config());
        String base = config.roberta() ? "roberta." : "bert.";
        this.prefix = context.task() == Task.FEATURE_EXTRACTION ? "" : base;
        this.weights = new SpelledWeights(context.weights(), name -> spellings(name, base));
    }

    /** The model for a checkpoint and a task. */
    static BertModel assemble(ModelContext context, String architecture) {
        BertSites sites = new BertSites(context);
        BertEmbeddings embeddings = sites.embeddings();
        List<BertLayer> layers = new ArrayList<>();
        for (int index = 0; index < sites.config.layers(); index++) {
            layers.add(sites.layer(index));
        }
        Head head = new BertHeads(context, sites.config, sites.weights, sites.prefix)
                .head(embeddings.tokens().weight());
        return new BertModel(sites.description(architecture), embeddings, List.copyOf(layers), head);
    }

    /**
     * Without the prefix of the base model (or with it), with the names TensorFlow gave to norms, and with the
     * decoder's bias where newer releases keep it.
     */
    private static List<String> spellings(String name, String base) {
        String other = name.startsWith(base) ? name.substring(base.length()) : base + name;
        return List.of(other, old(name), old(other), name.replace(".bias", ".decoder.bias"));
    }

    private static String old(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
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
                config.positions() - config.firstPosition(),
                labelled ? context.labels() : 0,
                config.padToken());
    }

    private BertEmbeddings embeddings() {
        String name = prefix + "embeddings.";
        return new BertEmbeddings(
                table(name + "word_embeddings", EmbeddingSite.Role.TOKEN, config.vocabulary()),
                table(name + "position_embeddings", EmbeddingSite.Role.POSITION, config.positions()),
                config.firstPosition(),
                table(name + "token_type_embeddings", EmbeddingSite.Role.TOKEN_TYPE, config.tokenTypes()),
                norm(name + "LayerNorm", -1),
                config.dropout());
    }

    private EmbeddingSite table(String name, EmbeddingSite.Role role, int rows) {
        return new EmbeddingSite(name, role, weights.require(name + ".weight", Shape.of(rows, config.hidden())), 1);
    }

    private BertLayer layer(int index) {
        String block = prefix + "encoder.layer." + index;
        String attention = block + ".attention.self";
        String attentionOutput = block + ".attention.output";
        String output = block + ".output";
        int hidden = config.hidden();
        int wide = config.feedForward();
        return new BertLayer(
                index,
                linear(attention + ".query", Role.QUERY, index, hidden, hidden),
                linear(attention + ".key", Role.KEY, index, hidden, hidden),
                linear(attention + ".value", Role.VALUE, index, hidden, hidden),
                attention(attention, index),
                linear(attentionOutput + ".dense", Role.ATTENTION_OUTPUT, index, hidden, hidden),
                sublayer(attentionOutput, SublayerSite.Kind.ATTENTION, index),
                linear(block + ".intermediate.dense", Role.FFN_UP, index, wide, hidden),
                linear(output + ".dense", Role.FFN_DOWN, index, hidden, wide),
                sublayer(output, SublayerSite.Kind.FEED_FORWARD, index),
                config.activation(),
                config.dropout());
    }

    private AttentionSite attention(String name, int index) {
        return new AttentionSite(
                name,
                AttentionSite.Kind.BIDIRECTIONAL,
                index,
                config.heads(),
                config.heads(),
                config.headSize(),
                1 / Math.sqrt(config.headSize()),
                0,
                config.attentionDropout());
    }

    private SublayerSite sublayer(String name, SublayerSite.Kind kind, int index) {
        return new SublayerSite(name, kind, index, config.hidden(), norm(name + ".LayerNorm", index));
    }

    private LinearSite linear(String name, Role role, int index, int outputs, int inputs) {
        Weight weight = weights.require(name + ".weight", Shape.of(outputs, inputs));
        Weight bias = weights.require(name + ".bias", Shape.of(outputs));
        return new LinearSite(name, role, index, weight, bias, false);
    }

    private NormSite norm(String name, int index) {
        Weight weight = weights.require(name + ".weight", Shape.of(config.hidden()));
        Weight bias = weights.require(name + ".bias", Shape.of(config.hidden()));
        return new NormSite(name, NormSite.Kind.LAYER, index, weight, bias, config.normEpsilon());
    }
}
