package dev.graft.objectives.ppo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.PromptTemplate;

/**
 * Configuration of proximal policy optimisation; keys that TRL's trainer had are called as there.
 *
 * @param rolloutSize prompts answered before the policy learns
 * @param numPpoEpochs passes over the answers of a rollout
 * @param responseLength most tokens of an answer
 * @param missingEosPenalty what an answer that does not end loses, or null
 * @param klCoef weight of the divergence from the reference in the reward
 * @param klTarget divergence per answer that the weight is steered to, or null to keep it
 * @param klHorizon answers over which it is steered
 * @param maxKl divergence per answer at which the run stops
 * @param gamma discount
 * @param lam decay of generalised advantage estimation
 * @param cliprange how far a token's probability ratio counts
 * @param cliprangeValue how far a value may move from that of the rollout
 * @param vfCoef weight of the value loss
 * @param entropyCoef weight of the entropy bonus
 * @param whitenRewards whether rewards are divided by their deviation
 * @param whitenAdvantages whether advantages are brought to mean 0 and variance 1
 * @param template how prompt and answer become one text
 * @param chat when they become a conversation
 */
public record PpoConfig(
        @Key(value = "Prompts answered by the policy before it learns from the answers", defaultsTo = "64", min = 1)
        int rolloutSize,

        @Key(value = "Passes over the answers of a rollout, in batches of data.batch_size", defaultsTo = "4", min = 1)
        int numPpoEpochs,

        @Key(value = "Most tokens of an answer", defaultsTo = "53", min = 1)
        int responseLength,

        @Key("What the score of an answer loses that does not end by itself; left out, nothing")
        Double missingEosPenalty,

        @Key(value = "Weight of the divergence from the reference in the reward", defaultsTo = "0.05", min = 0)
        double klCoef,

        @Key(
                value =
                        "Divergence per answer, in nats, that kl_coef is steered to after every rollout; left out, kl_coef"
                                + " stays",
                min = 0)
        Double klTarget,

        @Key(value = "Answers over which kl_coef is steered", defaultsTo = "10000", min = 1)
        int klHorizon,

        @Key(value = "Divergence per answer, in nats, at which the run stops", defaultsTo = "100", min = 0)
        double maxKl,

        @Key(value = "Discount of later rewards", defaultsTo = "1", min = 0, max = 1)
        double gamma,

        @Key(value = "Decay of generalised advantage estimation", defaultsTo = "0.95", min = 0, max = 1)
        double lam,

        @Key(value = "How far from 1 the probability ratio of a token still counts", defaultsTo = "0.2", min = 0)
        double cliprange,

        @Key(value = "How far a value may move from what it was in the rollout", defaultsTo = "0.2", min = 0)
        double cliprangeValue,

        @Key(value = "Weight of the value loss", defaultsTo = "0.1", min = 0)
        double vfCoef,

        @Key(value = "Weight of the entropy of the policy, which is made large", defaultsTo = "0", min = 0)
        double entropyCoef,

        @Key(value = "Whether rewards are divided by their standard deviation over a rollout", defaultsTo = "false")
        boolean whitenRewards,

        @Key(value = "Whether advantages are brought to mean 0 and variance 1 over a rollout", defaultsTo = "true")
        boolean whitenAdvantages,

        @Key(
                "How prompt and answer become one text where no chat template is used, with {prompt}, {completion} and perhaps"
                        + " {system}; left out, as in causal-lm")
        String template,

        @Key(
                value =
                        "Whether a prompt that is a text becomes a conversation rendered with the chat template; auto does so"
                                + " where the tokenizer has one and template is left out",
                defaultsTo = "auto")
        PromptFormat.Chat chat) {

    /** Checks what one key says against another. */
    public PpoConfig {
        if (klTarget != null && (klTarget == 0 || klCoef == 0)) {
            throw new ConfigurationException("kl_target of ppo is " + klTarget + " and kl_coef " + klCoef
                    + "; both must be above 0 where kl_coef is steered");
        }
    }

    /** How a prompt becomes a text. */
    PromptFormat format() {
        return new PromptFormat(chat, template == null ? null : PromptTemplate.parse(template, "ppo"));
    }
}
