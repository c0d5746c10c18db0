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
        assertThat(schema.get("required")).isEqualTo(List.of("model", "method", "schedule", "training", "output"));
    }

    @Test
    void aRecipeHasAnObjectiveAndDataOrTasksThatHave() {
        assertThat(schema.get("oneOf"))
                .isEqualTo(List.of(
                        Map.of("required", List.of("objective", "data")), Map.of("required", List.of("tasks"))));
        Map<?, ?> tasks = (Map<?, ?>) ((Map<?, ?>) schema.get("properties")).get("tasks");
        Map<?, ?> task = (Map<?, ?>) tasks.get("items");
        assertThat(task.get("required")).isEqualTo(List.of("name", "objective", "data"));
        assertThat(((Map<?, ?>) ((Map<?, ?>) task.get("properties")).get("objective")).get("anyOf"))
                .isEqualTo(((Map<?, ?>) ((Map<?, ?>) schema.get("properties")).get("objective")).get("anyOf"));
    }

    @Test
    void everyPluginBringsItsKeys() {
        assertThat(choices("optimizer")).hasSize(2).anySatisfy(choice -> {
            assertThat(choice.get("additionalProperties")).isEqualTo(false);
            assertThat(keys(choice)).isEqualTo(Set.of("id", "stride"));
        });
        assertThat(choices("method"))
                .anySatisfy(choice -> assertThat(keys(choice))
                        .isEqualTo(Set.of("id", "name", "frozen", "parts", "tasks", "rank", "targets")))
                .anySatisfy(choice ->
                        assertThat(keys(choice)).isEqualTo(Set.of("id", "name", "frozen", "tasks", "adapter")))
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
