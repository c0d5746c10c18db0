package dev.graft.kernel.generate;

/**
 * What was generated from one prompt.
 *
 * @param ids the new tokens, an end token included
 * @param text the new text without special tokens, cut before a stop string; empty without a tokenizer
 * @param finish why it ended
 */
public record Generation(int[] ids, String text, FinishReason finish) {}
