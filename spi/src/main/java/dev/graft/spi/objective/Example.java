package dev.graft.spi.objective;

import java.util.List;
import java.util.Map;

/**
 * One training example: usually one sequence, two for a preference pair.
 *
 * @param sequences its sequences, each a row of the batch
 * @param values numbers that go with it, for instance a class label
 */
public record Example(List<Sequence> sequences, Map<String, Double> values) {
    /** Copies both. */
    public Example {
        sequences = List.copyOf(sequences);
        values = Map.copyOf(values);
    }

    /** An example of one sequence without values. */
    public static Example of(Sequence sequence) {
        return new Example(List.of(sequence), Map.of());
    }

    /** Tokens of all sequences. */
    public int tokens() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }
}
