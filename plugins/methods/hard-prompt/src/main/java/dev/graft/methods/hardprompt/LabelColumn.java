package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.List;

/**
 * Finds the label of a record.
 *
 * @param column where it stands
 * @param labels all labels, in the order of their numbers
 */
record LabelColumn(String column, List<String> labels) {
    /**
     * The number of a record's label.
     *
     * @throws ConfigurationException if the verbaliser does not have it
     */
    int of(DataRecord record) {
        Object value = record.fields().get(column);
        if (value == null) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' is missing; the record has "
                    + record.fields().keySet().stream().sorted().toList());
        }
        int number = labels.indexOf(value.toString());
        if (number < 0) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' holds '" + value
                    + "', which has no words; objective.verbalizer has " + labels);
        }
        return number;
    }
}
