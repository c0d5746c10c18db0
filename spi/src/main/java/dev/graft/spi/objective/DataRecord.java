package dev.graft.spi.objective;

import dev.graft.spi.config.ConfigurationException;
import java.util.Map;
import java.util.Optional;

/**
 * One record of a data file.
 *
 * @param fields its columns: strings, numbers, truth values, lists and maps
 * @param source file and line, for messages
 */
public record DataRecord(Map<String, Object> fields, String source) {
    /** A string column, if there. */
    public Optional<String> text(String column) {
        Object value = fields.get(column);
        if (value != null && !(value instanceof String)) {
            throw new ConfigurationException(
                    source + ": column '" + column + "' holds " + value + " where text is expected");
        }
        return Optional.ofNullable((String) value);
    }

    /** A string column that must be there. */
    public String require(String column) {
        return text(column)
                .orElseThrow(() ->
                        new ConfigurationException(source + ": column '" + column + "' is missing; the record has "
                                + fields.keySet().stream().sorted().toList()));
    }
}
