package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with places for columns: the name of a column in braces is replaced by the column's value, doubled braces
 * stand for single ones.
 *
 * @param text the template
 */
record RecordTemplate(String text) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}]+)\\}");

    static RecordTemplate parse(String text) {
        if (PLACE.matcher(text).results().noneMatch(place -> place.group(1) != null)) {
            throw new ConfigurationException(
                    "data.template names no column; write {column} where a column's value belongs");
        }
        return new RecordTemplate(text);
    }

    String fill(DataRecord record) {
        return PLACE.matcher(text).replaceAll(place -> {
            String column = place.group(1);
            if (column == null) {
                return place.group().substring(1);
            }
            Object value = record.fields().get(column);
            if (value == null) {
                throw new ConfigurationException(record.source() + ": column '" + column
                        + "', which data.template names, is missing; the record has "
                        + record.fields().keySet().stream().sorted().toList());
            }
            return Matcher.quoteReplacement(value.toString());
        });
    }
}
