package dev.graft.spi.objective;

import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;

/**
 * What an objective needs to turn a record into an example.
 *
 * @param tokenizer the base model's
 * @param model the base model's measures
 * @param maxLength longest sequence allowed, in tokens
 * @param labels class names in the order of their ids, for classification; else empty
 */
public record EncodeContext(Tokenizer tokenizer, ModelDescription model, int maxLength, List<String> labels) {}
