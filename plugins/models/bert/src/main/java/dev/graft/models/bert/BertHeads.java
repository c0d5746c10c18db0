package dev.graft.models.bert;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Activation;
import dev.graft.spi.model.Head;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Weight;
import dev.graft.spi.model.Weights;
import dev.graft.spi.tensor.Initializer;

/**
 * Builds the head for a task; what the checkpoint lacks of it is drawn at random.
 *
 * @param prefix prefix of the base model's names
 */
record BertHeads(ModelContext context, BertConfig config, Weights weights, String prefix) {
    /**
     * The head.
     *
     * @param table the token table, for tied heads
     * @throws ConfigurationException if the family has no head for the task
     */
    Head head(Weight table) {
        return switch (context.task()) {
            case MASKED_LM -> vocabulary(table);
            case SEQ_CLS -> sequence();
            case TOKEN_CLS -> new Head.EveryToken(labelled("classifier"), config.headDropout());
            case FEATURE_EXTRACTION -> new Head.None();
            default ->
                throw new ConfigurationException("models of type "
                        + context.config().modelType() + " have no head for " + context.task()
                        + "; they have heads for MASKED_LM, SEQ_CLS, TOKEN_CLS and FEATURE_EXTRACTION");
        };
    }

    private Head vocabulary(Weight table) {
        String head = config.roberta() ? "lm_head" : "cls.predictions";
        String transform = config.roberta() ? head : head + ".transform";
        return new MaskedTokenHead(
                linear(transform + ".dense", Role.HEAD, config.hidden()),
                config.roberta() ? Activation.GELU : config.activation(),
                norm(config.roberta() ? head + ".layer_norm" : transform + ".LayerNorm"),
                decoder(head, table));
    }

    private LinearSite decoder(String head, Weight table) {
        String name = head + ".decoder";
        Weight weight = config.tied() ? table : matrix(name + ".weight", config.vocabulary(), config.hidden());
        return new LinearSite(
                name,
                Role.VOCABULARY,
                Integer.MAX_VALUE,
                weight,
                vector(head + ".bias", config.vocabulary(), 0),
                false);
    }

    private Head sequence() {
        if (config.roberta()) {
            return new FirstTokenHead(
                    linear("classifier.dense", Role.HEAD, config.hidden()),
                    labelled("classifier.out_proj"),
                    config.headDropout(),
                    config.headDropout());
        }
        return new FirstTokenHead(
                linear(prefix + "pooler.dense", Role.HEAD, config.hidden()),
                labelled("classifier"),
                0,
                config.headDropout());
    }

    private LinearSite labelled(String name) {
        if (context.labels() < 1) {
            throw new ConfigurationException("a classification head needs at least 1 label, found " + context.labels()
                    + " for task " + context.task());
        }
        return linear(name, Role.HEAD, context.labels());
    }

    private LinearSite linear(String name, Role role, int outputs) {
        return new LinearSite(
                name,
                role,
                Integer.MAX_VALUE,
                matrix(name + ".weight", outputs, config.hidden()),
                vector(name + ".bias", outputs, 0),
                false);
    }

    private NormSite norm(String name) {
        return new NormSite(
                name,
                NormSite.Kind.LAYER,
                Integer.MAX_VALUE,
                vector(name + ".weight", config.hidden(), 1),
                vector(name + ".bias", config.hidden(), 0),
                config.normEpsilon());
    }

    private Weight matrix(String name, int outputs, int inputs) {
        return weights.requireOrCreate(name, Shape.of(outputs, inputs), Initializer.normal(config.deviation()));
    }

    private Weight vector(String name, int width, double initial) {
        return weights.requireOrCreate(name, Shape.of(width), Initializer.constant(initial));
    }
}
