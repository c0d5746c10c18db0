package dev.graft.kernel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonCheckpointConfigTest {
    private static final Map<String, Object> SCALING = Map.of("type", "linear", "factor", 8);

    private final JsonCheckpointConfig v4 =
            config(Map.of("model_type", "x", "rope_theta", 5e5, "rope_scaling", SCALING, "torch_dtype", "bfloat16"));
    private final JsonCheckpointConfig v5 = config(Map.of(
            "rope_parameters", Map.of("rope_theta", 5e5, "rope_type", "linear", "factor", 8.0), "dtype", "bfloat16"));

    @Test
    void keysOfEitherVersionAreFoundUnderTheNamesOfBoth() {
        for (JsonCheckpointConfig config : List.of(v4, v5)) {
            for (String dtype : List.of("dtype", "torch_dtype")) {
                assertThat(config.text(dtype)).as(dtype).hasValue("bfloat16");
            }
            for (String theta : List.of("rope_theta", "rope_parameters.rope_theta", "rope_scaling.rope_theta")) {
                assertThat(config.number(theta)).as(theta).isEqualTo(5e5);
            }
            for (String scaling : List.of("rope_parameters", "rope_scaling")) {
                assertThat(config.has(scaling)).as(scaling).isTrue();
                assertThat(config.number(scaling + ".factor")).as(scaling).isEqualTo(8);
                assertThat(config.text(scaling + ".rope_type")).as(scaling).hasValue("linear");
                assertThat(config.text(scaling + ".type")).as(scaling).hasValue("linear");
            }
        }
    }

    @Test
    void theNameAskedForWinsWhereBothAreThere() {
        JsonCheckpointConfig both = config(Map.of("dtype", "float32", "torch_dtype", "float16"));

        assertThat(both.text("dtype")).hasValue("float32");
        assertThat(both.text("torch_dtype")).hasValue("float16");
    }

    @Test
    void valuesThatFitAreConverted() {
        JsonCheckpointConfig config = config(Map.of("whole", 32.0, "one", 2, "many", List.of(1, 2.5), "yes", true));

        assertThat(config.integer("whole")).isEqualTo(32);
        assertThat(config.numbers("one")).containsExactly(2.0);
        assertThat(config.numbers("many")).containsExactly(1.0, 2.5);
        assertThat(config.flag("yes", false)).isTrue();
    }

    @Test
    void defaultsStandInForWhatIsAbsentOrNull() {
        Map<String, Object> content = new HashMap<>();
        content.put("nothing", null);
        JsonCheckpointConfig config = config(content);

        assertThat(config.has("nothing")).isFalse();
        assertThat(config.integer("nothing", 3)).isEqualTo(3);
        assertThat(config.number("absent", 0.5)).isEqualTo(0.5);
        assertThat(config.text("deep.absent")).isEmpty();
        assertThat(config.texts("absent")).isEmpty();
        assertThat(config.architectures()).isEmpty();
    }

    @Test
    void aMissingKeyIsNamedWithItsFile() {
        assertThatThrownBy(() -> v4.integer("hidden_size"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("key 'hidden_size' is missing in m/config.json; it must be an integer");
        assertThatThrownBy(v5::modelType)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("key 'model_type' is missing in m/config.json; it must be a string");
    }

    @Test
    void aWrongTypeIsShown() {
        JsonCheckpointConfig config = config(Map.of(
                "n", "many", "half", 0.5, "large", 3_000_000_000L, "list", Arrays.asList("a", null), "deep", SCALING));

        assertThatThrownBy(() -> config.integer("n", 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("key 'n' in m/config.json is many, but must be an integer");
        assertThatThrownBy(() -> config.integer("half")).hasMessageEndingWith("is 0.5, but must be an integer");
        assertThatThrownBy(() -> config.integer("large")).hasMessageEndingWith("must be an integer");
        assertThatThrownBy(() -> config.flag("n", true)).hasMessageEndingWith("must be true or false");
        assertThatThrownBy(() -> config.texts("list"))
                .hasMessageEndingWith("is [a, null], but must be a list of strings");
        assertThatThrownBy(() -> config.number("deep.type"))
                .hasMessage("key 'deep.type' in m/config.json is linear, but must be a number");
    }

    private static JsonCheckpointConfig config(Map<String, Object> content) {
        return JsonCheckpointConfig.of(Path.of("m/config.json"), content);
    }
}
