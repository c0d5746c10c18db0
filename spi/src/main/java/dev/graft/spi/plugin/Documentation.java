package dev.graft.spi.plugin;

/**
 * What a person should know before choosing a plugin.
 *
 * @param idea the idea in two or three sentences
 * @param formula the formula, in plain text with the paper's symbols
 * @param source the paper or the origin
 * @param choose when to choose it, and when not
 * @param parameters number of trainable parameters as a formula
 * @param disk the files it is kept in and the names of tensors there
 */
public record Documentation(
        String idea, String formula, String source, String choose, String parameters, String disk) {}
