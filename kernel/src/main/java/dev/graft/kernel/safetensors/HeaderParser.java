package dev.graft.kernel.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.graft.spi.config.ConfigurationException;
import java.io.CharArrayReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the JSON of a header token by token, so that a duplicate name or a stray value is seen and not lost. */
final class HeaderParser {
    /** Most axes allowed: what array libraries allow. */
    private static final int MOST_AXES = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength((int) SafetensorsHeader.LONGEST)
                    .maxNameLength((int) SafetensorsHeader.LONGEST)
                    .build())
            .build();

    private final Path file;
    private final byte[] json;

    HeaderParser(Path file, byte[] json) {
        this.file = file;
        this.json = json;
    }

    /** A header as it stands in the file. */
    record Header(Map<String, String> metadata, List<Layout.Announced> tensors) {}

    Header parse() throws IOException {
        try (JsonParser parser = JSON.createParser(new CharArrayReader(text()))) {
            return header(parser);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    "the header of " + file + " is not valid JSON: the file is damaged or no safetensors file", e);
        }
    }

    /** The header as text; bytes that are no UTF-8 are refused here, as Jackson would replace them silently. */
    private char[] text() {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return Arrays.copyOf(text.array(), text.limit());
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(
                    "the header of " + file + " is not UTF-8 text: the file is damaged or no safetensors file", e);
        }
    }

    private Header header(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ConfigurationException("the header of " + file + " is not a JSON object: the file is damaged");
        }
        Map<String, String> metadata = Map.of();
        List<Layout.Announced> tensors = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!seen.add(name)) {
                throw Layout.at(file, name, "stands in the header twice, but a name is allowed once");
            }
            parser.nextToken();
            if (name.equals("__metadata__")) {
                metadata = metadata(parser);
            } else {
                tensors.add(tensor(name, parser));
            }
        }
        if (parser.nextToken() != null) {
            throw new ConfigurationException(
                    "the header of " + file + " goes on after its JSON object, but only spaces may follow");
        }
        return new Header(metadata, tensors);
    }

    private Map<String, String> metadata(JsonParser parser) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new ConfigurationException("__metadata__ in " + file + " must be an object of strings");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new ConfigurationException(
                        "__metadata__ in " + file + " has key " + Layout.shown(key) + " whose value is not a string");
            }
            if (metadata.put(key, parser.getText()) != null) {
                throw new ConfigurationException(
                        "__metadata__ in " + file + " has key " + Layout.shown(key) + " twice");
            }
        }
        return metadata;
    }

    private Layout.Announced tensor(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Layout.at(file, name, "must be described by an object with dtype, shape and data_offsets");
        }
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("dtype") && dtype == null && value == JsonToken.VALUE_STRING) {
                dtype = parser.getText();
            } else if (key.equals("shape") && shape == null && value == JsonToken.START_ARRAY) {
                shape = integers(name, key, parser);
            } else if (key.equals("data_offsets") && offsets == null && value == JsonToken.START_ARRAY) {
                offsets = integers(name, key, parser);
            } else {
                throw Layout.at(
                        file,
                        name,
                        "has " + Layout.shown(key) + " out of place: allowed are dtype (a string), shape and"
                                + " data_offsets (lists of integers), once each");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw Layout.at(file, name, "must have dtype, shape and two data_offsets");
        }
        return new Layout.Announced(name, dtype, shape, offsets[0], offsets[1]);
    }

    private long[] integers(String name, String key, JsonParser parser) throws IOException {
        long[] values = new long[MOST_AXES];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw Layout.at(file, name, "has " + key + " with an entry that is not an integer below 2^63");
            }
            if (count == MOST_AXES) {
                throw Layout.at(file, name, "has " + key + " with more than " + MOST_AXES + " entries");
            }
            values[count++] = parser.getLongValue();
        }
        return Arrays.copyOf(values, count);
    }
}
