package dev.graft.standalone.evaluation;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Records and what a model answers to each.
 *
 * @param labels names of the labels; one beyond them is called by its number
 * @param records as they stand in their files
 * @param probabilities of the labels, for each record
 * @param notes what a person should know about the data
 */
public record Answers(List<String> labels, List<DataRecord> records, List<float[]> probabilities, List<String> notes) {
    private static final String LABEL = "predicted_label";
    private static final String PROBABILITY = "probability";
    private static final String SCORES = "scores";

    /** Copies the lists. */
    public Answers {
        labels = List.copyOf(labels);
        records = List.copyOf(records);
        probabilities = List.copyOf(probabilities);
        notes = List.copyOf(notes);
    }

    /**
     * The columns of a record, then its likeliest label and the probability of it.
     *
     * @param scores whether the probabilities of all labels stand there, too
     * @throws ConfigurationException if the record has such a column already
     */
    public Map<String, Object> line(int index, boolean scores) {
        DataRecord record = records.get(index);
        float[] row = probabilities.get(index);
        int best = best(row);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(LABEL, name(best));
        answer.put(PROBABILITY, row[best]);
        if (scores) {
            Map<String, Object> all = new LinkedHashMap<>();
            IntStream.range(0, row.length).forEach(label -> all.put(name(label), row[label]));
            answer.put(SCORES, all);
        }
        Map<String, Object> line = new LinkedHashMap<>(record.fields());
        answer.forEach((column, value) -> {
            if (line.put(column, value) != null) {
                throw new ConfigurationException(record.source() + ": the record has a column '" + column
                        + "' already, which is what its prediction would be called; give that column another name");
            }
        });
        return line;
    }

    /** How many records each label was given to, without those of none. */
    public Map<String, Integer> counts() {
        Map<Integer, Integer> counts = new TreeMap<>();
        probabilities.forEach(row -> counts.merge(best(row), 1, Integer::sum));
        Map<String, Integer> named = new LinkedHashMap<>();
        counts.forEach((label, count) -> named.put(name(label), count));
        return named;
    }

    private String name(int label) {
        return label < labels.size() ? labels.get(label) : Integer.toString(label);
    }

    private static int best(float[] row) {
        int best = 0;
        for (int label = 1; label < row.length; label++) {
            best = row[label] > row[best] ? label : best;
        }
        return best;
    }
}
