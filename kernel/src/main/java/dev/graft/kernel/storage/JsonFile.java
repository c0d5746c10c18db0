package dev.graft.kernel.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * JSON files that hold one object, as the configuration files of the ecosystem do. Reading accepts Python's {@code NaN}
 * and {@code Infinity}; writing sorts keys and indents by two spaces, as those files do.
 */
public final class JsonFile {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private JsonFile() {}

    /**
     * Reads an object as maps, lists, strings, numbers, truth values and nulls.
     *
     * @throws ConfigurationException if the file is missing or does not hold one JSON object, naming file and line
     */
    public static Map<String, Object> read(Path file) {
        try {
            return parse(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("the file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new ConfigurationException("the file " + file + " cannot be read: " + e, e);
        }
    }

    /**
     * Reads an object from the bytes of a text.
     *
     * @param name where they come from, for messages
     * @throws ConfigurationException if they do not hold one JSON object, naming the line
     */
    public static Map<String, Object> parse(byte[] bytes, String name) {
        try {
            Map<String, Object> object = MAPPER.readValue(bytes, OBJECT);
            if (object == null) {
                throw new ConfigurationException(name + " holds null, but must hold one JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null
                    ? ""
                    : ", see line " + e.getLocation().getLineNr();
            throw new ConfigurationException(name + " must hold one JSON object without duplicate keys" + line, e);
        } catch (IOException e) {
            throw new ConfigurationException(name + " cannot be read: " + e, e);
        }
    }

    /**
     * Writes an object on one line, for long rows of numbers; whole or not at all.
     *
     * @throws ConfigurationException if the file cannot be written, saying why
     */
    public static void writeLine(Path file, Map<String, ?> object) {
        write(file, object, MAPPER.writer());
    }

    /**
     * Writes an object, whole or not at all.
     *
     * @throws ConfigurationException if the file cannot be written, saying why
     */
    public static void write(Path file, Map<String, ?> object) {
        write(file, object, WRITER);
    }

    private static void write(Path file, Map<String, ?> object, ObjectWriter writer) {
        try {
            AtomicFile.write(file, (writer.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made for " + file, e);
        }
    }
}
