package dev.graft.spi.scorer;

import java.util.Map;

/**
 * An answer to be scored.
 *
 * @param prompt the text the model was given, as it read it
 * @param text the answer without special tokens
 * @param ids token ids of prompt and answer together, by the tokenizer of the model that answered; an answer that the model closed
 *     as the chat template does, with what the template writes behind it
 * @param start index in {@code ids} at which the answer begins
 * @param fields the columns of the record that the prompt came from, for instance a reference answer
 */
public record Answer(String prompt, String text, int[] ids, int start, Map<String, Object> fields) {}
