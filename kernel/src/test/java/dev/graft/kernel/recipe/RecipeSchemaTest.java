package dev.graft.kernel.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecipeSchemaTest {
    private final Map<String, Object> schema =
            new RecipeSchema(SamplePlugins.registry(), Set.of("optimizer", "engine")).tree();

    @Test
    void sectionsWithADefaultMayBeLeftOut() {
        assertThat(schema.get("required"))
                .isEqualTo(List.of("model", "method", "objective", "schedule", "data", "training", "output"));
    }

    @Test
    void everyPluginBringsItsKeys() {
        assertThat(choices("optimizer")).hasSize(2).anySatisfy(choice -> {
            assertThat(choice.get("additionalProperties")).isEqualTo(false);
            assertThat(keys(choice)).isEqualTo(Set.of("id", "stride"));
        });
        assertThat(choices("method"))
                .anySatisfy(choice ->
                        assertThat(keys(choice)).isEqualTo(Set.of("id", "name", "frozen", "parts", "rank", "targets")))
                .anySatisfy(choice -> assertThat(keys(choice)).isEqualTo(Set.of("id", "name", "frozen", "adapter")))
                .anySatisfy(choice -> assertThat(choice.get("type")).isEqualTo("array"));
    }

    @Test
    void aBareWordIsAllowedWhereTheReaderTakesIt() {
        for (String section : List.of("model", "method", "data", "objective", "optimizer", "engine")) {
            assertThat(choices(section))
                    .as(section)
                    .anySatisfy(choice -> assertThat(choice.get("type")).isEqualTo("string"));
        }
    }

    private List<Map<?, ?>> choices(String section) {
        Map<?, ?> property = (Map<?, ?>) ((Map<?, ?>) schema.get("properties")).get(section);
        return ((List<?>) property.get("anyOf"))
                .stream().<Map<?, ?>>map(choice -> (Map<?, ?>) choice).toList();
    }

    private static Set<?> keys(Map<?, ?> choice) {
        return choice.get("properties") instanceof Map<?, ?> properties ? properties.keySet() : Set.of();
    }
}
