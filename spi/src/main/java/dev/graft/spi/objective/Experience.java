package dev.graft.spi.objective;

import java.util.List;
import java.util.Map;

/**
 * What became of a portion of examples that the model answered.
 *
 * @param examples what to learn from, with everything that {@link Objective#loss} needs among their values and series
 * @param figures what to report, in the order to show it
 * @param answers some or all of the answers, for a person to look at
 */
public record Experience(List<Example> examples, Map<String, Double> figures, List<Scored> answers) {
    /** Copies the lists. */
    public Experience {
        examples = List.copyOf(examples);
        answers = List.copyOf(answers);
    }

    /**
     * An answer and what it was found to be worth.
     *
     * @param prompt the text before it
     * @param answer the text
     * @param score higher is better
     */
    public record Scored(String prompt, String answer, double score) {}
}
