package dev.graft.kernel.generate;

/** Why a row stopped growing. */
public enum FinishReason {
    /** A token that ends the text was generated. */
    END_TOKEN,
    /** One of the stop strings appeared. */
    STOP_STRING,
    /** As many tokens as allowed were generated. */
    MAX_NEW_TOKENS,
    /** The model has no further positions. */
    MAX_POSITIONS,
    /** The listener asked for no more. */
    CANCELLED
}
