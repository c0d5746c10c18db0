package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels that another model, the annotator, has given to records.
 *
 * @param column where they stand
 * @param names of the labels, in the order of the label words
 * @param probability column of the annotator's probabilities; null where it is always sure
 * @param least probability at which a label counts
 * @param most records of each label that count, those of the greatest probability; null = all
 */
record Annotations(String column, List<String> names, String probability, double least, Integer most) {
    /** The label of a record that does not count. */
    static final int NONE = -2;

    /** Copies the list. */
    Annotations {
        names = List.copyOf(names);
    }

    /**
     * The numbers of the labels of records, {@link #NONE} for those that do not count.
     *
     * @throws ConfigurationException if a column is missing or a probability is no number
     */
    int[] of(List<DataRecord> records) {
        int[] labels = new int[records.size()];
        double[] sure = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            sure[i] = probability == null ? 1 : probability(records.get(i));
            int number = names.indexOf(value(records.get(i), column).toString());
            labels[i] = number >= 0 && sure[i] >= least ? number : NONE;
        }
        if (most != null) {
            IntStream.range(0, names.size()).forEach(label -> limit(labels, sure, label));
        }
        return labels;
    }

    private void limit(int[] labels, double[] sure, int label) {
        IntStream.range(0, labels.length)
                .filter(i -> labels[i] == label)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -sure[i]))
                .skip(most)
                .forEach(i -> labels[i] = NONE);
    }

    private double probability(DataRecord record) {
        Object value = value(record, probability);
        try {
            return Double.parseDouble(value.toString());
        } catch (NumberFormatException e) {
            throw new ConfigurationException(
                    record.source() + ": column '" + probability + "' holds '" + value + "' where a number is expected",
                    e);
        }
    }

    private static Object value(DataRecord record, String column) {
        Object value = record.fields().get(column);
        if (value == null) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' is missing; the record has "
                    + record.fields().keySet().stream().sorted().toList());
        }
        return value;
    }
}
