package dev.graft.objectives.classification;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the class of a record: by name, else by number, else false and true as 0 and 1. */
final class ClassNumber {
    private static final int SHOWN = 20;
    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

    private ClassNumber() {}

    /**
     * The number of a record's class, from 0.
     *
     * @throws ConfigurationException if the column is missing, holds no label, or names no class
     */
    static int of(DataRecord record, String column, EncodeContext context) {
        Object label = record.fields().get(column);
        if (label == null) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' is missing; the record has "
                    + record.fields().keySet().stream().sorted().toList());
        }
        List<String> names = context.labels();
        int known = names.indexOf(label.toString());
        int classes = names.isEmpty() ? context.model().labels() : names.size();
        int number = known >= 0 ? known : number(label);
        if (number < 0 || number >= classes) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' holds the label '" + label
                    + "'; it must be " + allowed(names, classes));
        }
        if (context.model().labels() > 0 && number >= context.model().labels()) {
            throw new ConfigurationException(record.source() + ": the label '" + label + "' is class " + number
                    + ", but the model's head has " + context.model().labels() + " classes, numbered from 0");
        }
        return number;
    }

    private static int number(Object label) {
        if (label instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        boolean whole = label instanceof String || label instanceof Integer || label instanceof Long;
        return whole && DIGITS.matcher(label.toString()).matches() ? Integer.parseInt(label.toString()) : -1;
    }

    private static String allowed(List<String> names, int classes) {
        String numbers = "a whole number from 0 to " + (classes - 1);
        if (names.isEmpty()) {
            return numbers;
        }
        boolean many = names.size() > SHOWN;
        String list = String.join(", ", many ? names.subList(0, SHOWN) : names);
        return "one of [" + list + (many ? ", ... " + names.size() + " in all" : "") + "] or " + numbers;
    }
}
