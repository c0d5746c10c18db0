package dev.graft.kernel.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON: an array of objects, or objects one after the other, each on as many lines as it likes. */
final class JsonRecords {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final TypeReference<Map<String, Object>> RECORD = new TypeReference<>() {};

    private JsonRecords() {}

    static List<DataRecord> read(Path file) {
        List<DataRecord> records = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(DataFiles.text(file))) {
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            if (array) {
                parser.nextToken();
            }
            while (parser.currentToken() != null && !(array && parser.currentToken() == JsonToken.END_ARRAY)) {
                records.add(record(file, parser));
                parser.nextToken();
            }
            if (array && parser.nextToken() != null) {
                throw new ConfigurationException(source(file, parser)
                        + ": something follows the array; a file holds one array of records, or records one after"
                        + " the other");
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ConfigurationException(file + ":" + line + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException("data file " + file + " cannot be read: " + e.getMessage(), e);
        }
        return records;
    }

    private static DataRecord record(Path file, JsonParser parser) throws IOException {
        String source = source(file, parser);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new ConfigurationException(
                    source + ": a record must be an object such as {\"text\": \"...\"}, found " + found(parser));
        }
        return new DataRecord(parser.readValueAs(RECORD), source);
    }

    private static String found(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.START_ARRAY ? "a list" : "'" + parser.getText() + "'";
    }

    private static String source(Path file, JsonParser parser) {
        return file + ":" + parser.currentTokenLocation().getLineNr();
    }
}
