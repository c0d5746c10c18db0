package dev.graft.kernel.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Comma-separated values (RFC 4180) with the columns' names in the first row. Every value is text; quoted values may
 * hold separators, line breaks and doubled quotes.
 */
final class CsvRecords {
    private CsvRecords() {}

    static List<DataRecord> read(Path file, char separator) {
        ObjectReader reader = new CsvMapper()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .readerFor(String[].class)
                .with(CsvSchema.emptySchema().withColumnSeparator(separator));
        List<DataRecord> records = new ArrayList<>();
        try (MappingIterator<String[]> rows = reader.readValues(DataFiles.text(file))) {
            if (!rows.hasNextValue()) {
                return records;
            }
            List<String> columns = columns(file, rows.nextValue());
            while (rows.hasNextValue()) {
                String source = file + ":" + rows.getParser().currentLocation().getLineNr();
                records.add(new DataRecord(fields(source, columns, rows.nextValue()), source));
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ConfigurationException(
                    file + ":" + line + ": not comma-separated values: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException("data file " + file + " cannot be read: " + e.getMessage(), e);
        }
        return records;
    }

    private static List<String> columns(Path file, String[] names) {
        Set<String> columns = new LinkedHashSet<>();
        for (String name : names) {
            if (name.isBlank() || !columns.add(name.strip())) {
                throw new ConfigurationException(file + ":1: the first row must name every column once, found "
                        + (name.isBlank() ? "a column without a name" : "'" + name.strip() + "' twice"));
            }
        }
        return List.copyOf(columns);
    }

    private static Map<String, Object> fields(String source, List<String> columns, String[] values) {
        if (values.length != columns.size()) {
            throw new ConfigurationException(source + ": the row has " + values.length + " values for the "
                    + columns.size() + " columns " + columns);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            fields.put(columns.get(i), values[i]);
        }
        return fields;
    }
}
