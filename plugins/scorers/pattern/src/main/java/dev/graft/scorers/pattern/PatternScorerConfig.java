package dev.graft.scorers.pattern;

import dev.graft.spi.config.Key;

/**
 * Configuration of scoring by a pattern.
 *
 * @param pattern a regular expression
 * @param whole whether the whole answer must match
 * @param match score of an answer that matches
 * @param otherwise score of any other
 */
public record PatternScorerConfig(
        @Key(value = "A regular expression, in the notation of Java", required = true)
        String pattern,

        @Key(
                value =
                        "Whether the whole answer must match, without white space at its ends; otherwise any part of it",
                defaultsTo = "true")
        boolean whole,

        @Key(value = "Score of an answer that matches", defaultsTo = "1")
        double match,

        @Key(value = "Score of any other answer", defaultsTo = "0")
        double otherwise) {}
