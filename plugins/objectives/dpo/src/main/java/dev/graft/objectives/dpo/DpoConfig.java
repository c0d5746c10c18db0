package dev.graft.objectives.dpo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.PromptTemplate;
import java.util.Locale;

/**
 * Configuration of preference optimisation; keys that TRL's trainers have are called as there.
 *
 * @param lossType the loss on a pair
 * @param beta strength of the pull towards the reference; ORPO's lambda
 * @param labelSmoothing probability that a preference is flipped
 * @param simpoGamma margin of SimPO
 * @param precomputeRefLogProbs whether the reference runs once, before training
 * @param sharePrompt whether the prompt of a pair is computed once
 * @param template how prompt and answer become one text
 * @param chat when they become a conversation
 * @param appendEos whether a plain text ends with the end of the sequence
 */
public record DpoConfig(
        @Key(value = "Loss on a pair", defaultsTo = "sigmoid")
        LossType lossType,

        @Key(
                value = "How strongly the policy is held to the reference, above 0; tau of ipo, lambda of orpo",
                defaultsTo = "0.1",
                min = 0)
        double beta,

        @Key(
                value = "Probability that a preference is flipped: of sigmoid (conservative DPO), robust and simpo",
                defaultsTo = "0",
                min = 0,
                max = 0.5)
        double labelSmoothing,

        @Key(value = "Margin by which simpo asks the better answer to lead", defaultsTo = "0.5", min = 0)
        double simpoGamma,

        @Key(
                value = "Whether the reference's log-probabilities are computed once before training and kept on disk,"
                        + " instead of in every step",
                defaultsTo = "false")
        boolean precomputeRefLogProbs,

        @Key(
                value =
                        "Whether the tokens that both answers of a pair begin with are computed once, in one row with both"
                                + " answers; false gives each answer a row of its own",
                defaultsTo = "true")
        boolean sharePrompt,

        @Key(
                "How prompt and answer become one text where no chat template is used, with {prompt}, {completion} and perhaps"
                        + " {system}; left out, as in causal-lm")
        String template,

        @Key(
                value =
                        "Whether prompt and answer that are texts become a conversation rendered with the chat template; auto"
                                + " does so where the tokenizer has one and template is left out",
                defaultsTo = "auto")
        PromptFormat.Chat chat,

        @Key(
                value =
                        "Whether whatever is not rendered with a chat template ends with the tokenizer's eos_token, where it"
                                + " has one",
                defaultsTo = "true")
        boolean appendEos) {

    /** Checks what one key says against another. */
    public DpoConfig {
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new ConfigurationException("beta of dpo is " + beta + "; it must be above 0");
        }
        if (labelSmoothing > 0 && !lossType.smooths()) {
            throw new ConfigurationException("label_smoothing of dpo is " + labelSmoothing + ", but loss_type "
                    + lossType.name().toLowerCase(Locale.ROOT)
                    + " has none; it must be 0, or loss_type one of sigmoid, robust, simpo");
        }
        if (lossType == LossType.ROBUST && labelSmoothing >= 0.5) {
            throw new ConfigurationException(
                    "label_smoothing of dpo is " + labelSmoothing + "; with loss_type robust it must be below 0.5");
        }
        if (precomputeRefLogProbs && !lossType.needsReference()) {
            throw new ConfigurationException("precompute_ref_log_probs of dpo is true, but loss_type "
                    + lossType.name().toLowerCase(Locale.ROOT) + " has no reference; it must be false");
        }
    }

    /** How prompt and answer become one text. */
    PromptFormat format() {
        return new PromptFormat(chat, template == null ? null : PromptTemplate.parse(template, "dpo"));
    }

    /** The loss. */
    PairLoss loss() {
        return new PairLoss(lossType, beta, labelSmoothing, simpoGamma);
    }
}
