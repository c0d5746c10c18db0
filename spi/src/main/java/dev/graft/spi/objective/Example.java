package dev.graft.spi.objective;

import java.util.List;
import java.util.Map;

/**
 * One training example: usually one sequence, two for a preference pair.
 *
 * @param sequences its sequences, each a row of the batch
 * @param values numbers that go with it, for instance a class label
 * @param series rows of numbers that go with it, for instance one per token of an answer
 * @param record what it was made from, for objectives that pass it on; else null
 */
public record Example(
        List<Sequence> sequences, Map<String, Double> values, Map<String, double[]> series, DataRecord record) {
    /** Copies lists and maps. */
    public Example {
        sequences = List.copyOf(sequences);
        values = Map.copyOf(values);
        series = Map.copyOf(series);
    }

    /** An example without rows of numbers. */
    public Example(List<Sequence> sequences, Map<String, Double> values) {
        this(sequences, values, Map.of(), null);
    }

    /** An example of one sequence without values. */
    public static Example of(Sequence sequence) {
        return new Example(List.of(sequence), Map.of());
    }

    /** The same with other values. */
    public Example with(Map<String, Double> newValues) {
        return new Example(sequences, newValues, series, record);
    }

    /** The same with other sequences. */
    public Example with(List<Sequence> newSequences) {
        return new Example(newSequences, values, series, record);
    }

    /** Tokens of all sequences. */
    public int tokens() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }
}
