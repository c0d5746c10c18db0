package dev.graft.tokenizers.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a tokenizer's directory.
 *
 * @param directory where they lie
 * @param tokenizer {@code tokenizer.json}
 * @param settings {@code tokenizer_config.json} with {@code special_tokens_map.json}, which older tokenizers have, on
 *     top; empty where there is neither
 * @param templates chat templates by name; the one without a name is {@code default}
 */
record TokenizerFiles(Path directory, ObjectNode tokenizer, ObjectNode settings, Map<String, String> templates) {
    static final String TOKENIZER = "tokenizer.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /**
     * Reads the files.
     *
     * @throws ConfigurationException if one is missing or damaged, naming it
     */
    static TokenizerFiles read(Path directory) {
        ObjectNode tokenizer = json(directory.resolve(TOKENIZER));
        Path config = directory.resolve("tokenizer_config.json");
        ObjectNode settings = Files.exists(config) ? json(config) : JsonNodeFactory.instance.objectNode();
        Path special = directory.resolve("special_tokens_map.json");
        if (Files.exists(special) && !settings.has("added_tokens_decoder")) {
            settings.setAll(json(special));
        }
        return new TokenizerFiles(directory, tokenizer, settings, templates(directory, settings));
    }

    private static ObjectNode json(Path file) {
        try {
            if (JSON.readTree(text(file)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    file + " is not JSON: " + e.getOriginalMessage() + " in line "
                            + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
                    e);
        }
        throw new ConfigurationException(file + " holds no JSON object, which a tokenizer's file must");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> templates(Path directory, ObjectNode settings) {
        Map<String, String> templates = new LinkedHashMap<>();
        Path single = directory.resolve("chat_template.jinja");
        if (Files.exists(single)) {
            templates.put(ChatTemplates.DEFAULT, text(single));
        }
        Path further = directory.resolve("additional_chat_templates");
        if (Files.isDirectory(further)) {
            templates.putAll(named(further));
        }
        return templates.isEmpty() ? templatesOf(directory, settings.path("chat_template")) : templates;
    }

    private static Map<String, String> named(Path folder) {
        Map<String, String> templates = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(".jinja"))
                    .forEach(file ->
                            templates.put(file.getFileName().toString().replaceFirst("\\.jinja$", ""), text(file)));
        } catch (IOException e) {
            throw new ConfigurationException(folder + " cannot be read: " + e.getMessage(), e);
        }
        return templates;
    }

    private static Map<String, String> templatesOf(Path directory, JsonNode setting) {
        Map<String, String> templates = new LinkedHashMap<>();
        if (setting.isTextual()) {
            templates.put(ChatTemplates.DEFAULT, setting.textValue());
        } else if (setting.isObject()) {
            setting.properties()
                    .forEach(entry ->
                            templates.put(entry.getKey(), entry.getValue().asText()));
        } else if (setting.isArray()) {
            setting.forEach(entry -> templates.put(
                    entry.path("name").asText(), entry.path("template").asText()));
        } else if (!setting.isMissingNode() && !setting.isNull()) {
            throw new ConfigurationException(directory.resolve("tokenizer_config.json")
                    + ": chat_template must be a text or a list of named texts, found " + setting);
        }
        return templates;
    }
}
