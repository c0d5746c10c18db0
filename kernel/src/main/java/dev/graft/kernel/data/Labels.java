package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the class names of a data set. */
final class Labels {
    private static final int MOST = 100_000;

    private Labels() {}

    /**
     * The names in the order of their ids: numbers {@code 0 .. largest} where every label is a whole number, else the
     * distinct labels, sorted; empty where no record has a label.
     *
     * @throws ConfigurationException if a label is neither a text, a whole number nor a truth value, or out of range
     */
    static List<String> of(Stream<DataRecord> records) {
        TreeSet<String> names = new TreeSet<>();
        int[] largest = {-1};
        boolean[] numbers = {true};
        records.filter(record -> record.fields().get(Column.LABEL) != null).forEach(record -> {
            String name = name(record);
            names.add(name);
            if (numbers[0] && name.matches("\\d{1,9}")) {
                largest[0] = Math.max(largest[0], Integer.parseInt(name));
            } else {
                numbers[0] = false;
            }
        });
        if (!numbers[0] || names.isEmpty()) {
            return List.copyOf(names);
        }
        if (largest[0] >= MOST) {
            throw new ConfigurationException("the largest label is " + largest[0] + ", which would make "
                    + (largest[0] + 1L) + " classes; labels that are numbers count from 0, at most " + MOST);
        }
        return IntStream.rangeClosed(0, largest[0]).mapToObj(Integer::toString).toList();
    }

    private static String name(DataRecord record) {
        Object label = record.fields().get(Column.LABEL);
        if (label instanceof String || label instanceof Integer || label instanceof Long || label instanceof Boolean) {
            return label.toString();
        }
        throw new ConfigurationException(
                record.source() + ": the label is " + label + "; a label is a text, a whole number or a truth value");
    }
}
