package dev.graft.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationBinderTest {
    enum Shade {
        DARK,
        VERY_LIGHT
    }

    record Inner(
            @Key(value = "How many", defaultsTo = "3", min = 1)
            int count,

            @Key(value = "Its name", required = true) String name) {}

    record Outer(
            @Key(value = "Width of the update", required = true, min = 1, max = 64)
            int rank,

            @Key(value = "Rate", name = "lr", defaultsTo = "1e-3", min = 0)
            double learningRate,

            @Key("Steps") Long warmupSteps,

            @Key(value = "Whether it is on", defaultsTo = "true")
            boolean switchedOn,

            @Key(value = "How bright", defaultsTo = "dark") Shade shade,

            @Key(
                    value = "Which biases",
                    defaultsTo = "none",
                    allowed = {"none", "all"})
            String bias,

            @Key("Which modules") Choice targetModules,
            @Key("Numbers") List<Integer> layers,
            @Key("Ranks by name") Map<String, Double> rankPattern,
            @Key("A part") Inner inner,
            @Key("More parts") List<Inner> parts,
            @Key("Anything") Object extra) {}

    private static Outer bind(String yaml) {
        YamlDocument document = YamlDocument.parse(yaml, "r.yaml");
        return ConfigurationBinder.bind(Outer.class, document.tree(), "", document.source());
    }

    @Test
    void everyKindOfValueIsRead() {
        Outer outer = bind("""
                rank: 8
                lr: 1e-4
                warmup_steps: 1e2
                switched_on: false
                shade: very-light
                bias: all
                target_modules: [q_proj, v_proj]
                layers: [1, 2]
                rank_pattern: {q_proj: 4, v_proj: 0.5}
                inner: {name: a}
                parts: [{count: 1, name: b}, {name: c}]
                extra: {free: [1, two]}
                """);

        assertThat(outer)
                .isEqualTo(new Outer(
                        8,
                        1e-4,
                        100L,
                        false,
                        Shade.VERY_LIGHT,
                        "all",
                        Choice.of(List.of("q_proj", "v_proj")),
                        List.of(1, 2),
                        Map.of("q_proj", 4.0, "v_proj", 0.5),
                        new Inner(3, "a"),
                        List.of(new Inner(1, "b"), new Inner(3, "c")),
                        Map.of("free", List.of(1L, "two"))));
    }

    @Test
    void whatIsLeftOutTakesItsDefault() {
        assertThat(bind("rank: 8"))
                .isEqualTo(new Outer(
                        8, 1e-3, null, true, Shade.DARK, "none", null, List.of(), Map.of(), null, List.of(), null));
    }

    @Test
    void anEmptyValueIsNullWhereNullIsAllowed() {
        assertThat(bind("rank: 8\nbias:\nlayers:\n")).satisfies(outer -> {
            assertThat(outer.bias()).isNull();
            assertThat(outer.layers()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'lr: 1' | r.yaml: key 'rank' is missing; expected a whole number from 1 to 64 (Width of the update)",
                "'rank:' | r.yaml, line 1: key 'rank' is empty; expected a whole number from 1 to 64 (Width of the update)",
                "'rank: eight' | r.yaml, line 1: key 'rank' holds the text 'eight'; expected a whole number from 1 to 64",
                "'rank: 8.5' | r.yaml, line 1: key 'rank' holds the number 8.5; expected a whole number from 1 to 64",
                "'rank: 65' | r.yaml, line 1: key 'rank' holds the number 65; expected a whole number from 1 to 64",
                "'rank: 99999999999999999999' | r.yaml, line 1: key 'rank' holds the number 99999999999999999999; expected a whole number from 1 to 64",
                "'rank: [8]' | r.yaml, line 1: key 'rank' holds a list; expected a whole number from 1 to 64",
                "'rank: 8\nlr: -1' | r.yaml, line 2: key 'lr' holds the number -1; expected a number of at least 0",
                "'rank: 8\nlr: .nan' | r.yaml, line 2: key 'lr' holds the number NaN; expected a number of at least 0",
                "'rank: 8\nlr: \"1\"' | r.yaml, line 2: key 'lr' holds the text '1'; expected a number of at least 0",
                "'rank: 8\nswitched_on: yes' | r.yaml, line 2: key 'switched_on' holds the text 'yes'; expected true or false",
                "'rank: 8\nswitched_on:' | r.yaml, line 2: key 'switched_on' is empty; expected true or false (Whether it is on)",
                "'rank: 8\nshade: red' | r.yaml, line 2: key 'shade' holds the text 'red'; expected one of dark, very_light",
                "'rank: 8\nbias: some' | r.yaml, line 2: key 'bias' holds the text 'some'; expected one of none, all",
                "'rank: 8\ntarget_modules: 3' | r.yaml, line 2: key 'target_modules' holds the number 3; expected one text or a list of texts",
                "'rank: 8\nlayers: [1, two]' | r.yaml, line 2: key 'layers[1]' holds the text 'two'; expected a whole number",
                "'rank: 8\nlayers: 1' | r.yaml, line 2: key 'layers' holds the number 1; expected a list, each element a whole number",
                "'rank: 8\nrank_pattern: {q: }' | r.yaml, line 2: key 'rank_pattern.q' holds nothing; expected a number",
                "'rank: 8\ninner: 3' | r.yaml, line 2: key 'inner' holds the number 3; expected a section",
                "'rank: 8\ninner:\n  name: 5' | r.yaml, line 3: key 'inner.name' holds the number 5; expected text; put it in quotes if it is meant as text",
                "'rank: 8\nparts:\n- name: a\n- cont: 1' | r.yaml, line 4: unknown key 'parts[1].cont'; did you mean 'count'?",
                "'rnak: 8' | r.yaml, line 1: unknown key 'rnak'; did you mean 'rank'?",
                "'target-module: a' | r.yaml, line 1: unknown key 'target-module'; did you mean 'target_modules'?",
                "'inner: {whatever: 1}' | r.yaml, line 1: unknown key 'inner.whatever'; allowed: count, name"
            })
    void everyMistakeIsOneSentence(String yaml, String message) {
        String text =
                yaml.contains("rank") || yaml.startsWith("lr") || yaml.startsWith("r") ? yaml : yaml + "\nrank: 8";

        assertThatThrownBy(() -> bind(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    record Even(
            @Key(value = "An even number", required = true) int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException(number + " is odd");
            }
        }
    }

    @Test
    void whatARecordRefusesIsReportedWithItsSection() {
        assertThatThrownBy(() -> ConfigurationBinder.bind(Even.class, Map.of("number", 3L), "method"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("section 'method': 3 is odd");
    }

    record Unmarked(int number) {}

    @Test
    void aComponentWithoutAKeyIsAProgrammingError() {
        assertThatThrownBy(() -> ConfigurationBinder.bind(Unmarked.class, Map.of(), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("component number of")
                .hasMessageContaining("carries no @Key");
    }
}
