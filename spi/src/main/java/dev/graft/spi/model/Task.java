package dev.graft.spi.model;

/** What a model's head is for; the names are PEFT's task types. */
public enum Task {
    /** Next-token prediction. */
    CAUSAL_LM,
    /** Encoder and decoder with a vocabulary head. */
    SEQ_2_SEQ_LM,
    /** Masked-token prediction. */
    MASKED_LM,
    /** One label, or one score, per sequence. */
    SEQ_CLS,
    /** One label per token. */
    TOKEN_CLS,
    /** Hidden states only. */
    FEATURE_EXTRACTION
}
