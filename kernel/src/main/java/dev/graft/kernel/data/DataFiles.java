package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the records of files, telling the format by the extension. */
public final class DataFiles {
    private static final Map<String, Function<Path, List<DataRecord>>> READERS = new TreeMap<>(Map.of(
            ".jsonl", JsonRecords::read,
            ".ndjson", JsonRecords::read,
            ".json", JsonRecords::read,
            ".csv", file -> CsvRecords.read(file, ','),
            ".tsv", file -> CsvRecords.read(file, '\t'),
            ".parquet", ParquetRecords::read,
            ".txt", DataFiles::document));

    private DataFiles() {}

    /**
     * The records of several files, one file after the other.
     *
     * @throws ConfigurationException if a file is missing, of unknown format, or damaged, naming it and the line
     */
    public static List<DataRecord> read(List<Path> files) {
        List<DataRecord> records = new ArrayList<>();
        files.forEach(file -> records.addAll(read(file)));
        return records;
    }

    /**
     * The records of a file. A text file is one record with the column {@code text}.
     *
     * @throws ConfigurationException if the file is missing, of unknown format, or damaged, naming it and the line
     */
    public static List<DataRecord> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    "data file " + file + (Files.exists(file) ? " is not a regular file" : " does not exist"));
        }
        String name = file.getFileName().toString();
        String extension =
                name.contains(".") ? name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT) : "";
        Function<Path, List<DataRecord>> reader = READERS.get(extension);
        if (reader == null) {
            throw new ConfigurationException("data file " + file + " has the extension '" + extension
                    + "'; what can be read is " + String.join(", ", READERS.keySet()));
        }
        return reader.apply(file);
    }

    private static List<DataRecord> document(Path file) {
        return List.of(new DataRecord(Map.of(Column.TEXT, text(file)), file.toString()));
    }

    /** A whole file as text. */
    static String text(Path file) {
        return Utf8.decode(file, bytes(file));
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException("data file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
