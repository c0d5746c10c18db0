package dev.graft.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationSchemaTest {
    enum Shade {
        DARK,
        VERY_LIGHT
    }

    record Part(
            @Key(value = "How many", defaultsTo = "3", min = 1)
            int count) {}

    record Whole(
            @Key(value = "Width", required = true, min = 1, max = 64)
            int rank,

            @Key("Scale") Double scale,
            @Key(value = "Shade", defaultsTo = "dark") Shade shade,
            @Key("Which") Choice targets,
            @Key("Ranks") Map<String, Integer> rankPattern,
            @Key("A part") Part part) {}

    @Test
    void aRecordBecomesAClosedObject() {
        Map<String, Object> schema = ConfigurationSchema.of(Whole.class);

        assertThat(schema)
                .containsEntry("type", "object")
                .containsEntry("additionalProperties", false)
                .containsEntry("required", List.of("rank"));
        assertThat(properties(schema))
                .containsEntry("rank", Map.of("description", "Width", "type", "integer", "minimum", 1L, "maximum", 64L))
                .containsEntry("scale", Map.of("description", "Scale", "type", List.of("number", "null")))
                .containsEntry(
                        "rank_pattern",
                        Map.of(
                                "description",
                                "Ranks",
                                "type",
                                "object",
                                "additionalProperties",
                                Map.of("type", "integer")));
    }

    @Test
    void enumsListTheirNamesAndTheirDefault() {
        assertThat(YamlTree.asMap(
                        properties(ConfigurationSchema.of(Whole.class)).get("shade")))
                .containsEntry("default", "dark")
                .containsEntry("enum", Arrays.asList("dark", "very_light", null));
    }

    @Test
    void theTableNamesNestedKeysByTheirPath() {
        assertThat(KeyTable.of(Whole.class))
                .extracting(KeyTable.Row::key)
                .containsExactly("rank", "scale", "shade", "targets", "rank_pattern", "part", "part.count");
        assertThat(KeyTable.of(Whole.class).get(6))
                .isEqualTo(new KeyTable.Row("part.count", "a whole number of at least 1", "3", false, "How many"));
    }

    private static Map<String, Object> properties(Map<String, Object> schema) {
        return YamlTree.asMap(schema.get("properties"));
    }
}
