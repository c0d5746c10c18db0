package dev.graft.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlDocumentTest {
    @ParameterizedTest
    @CsvSource({"1e-4, 0.0001", "2E3, 2000", ".5, 0.5", "-1.25, -1.25", "3., 3"})
    void unquotedNumbersAreNumbersAsPeopleWriteThem(String text, double value) {
        assertThat(YamlDocument.value(text, "test")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "yes", "on", "off", "1_000", "0o7", "12:30", "2026-01-01", "1e", "e5", "."})
    void wordsThatOnlyOldYamlConvertsStayText(String text) {
        assertThat(YamlDocument.value(text, "test")).isEqualTo(text);
    }

    @Test
    void quotedWordsAreText() {
        assertThat(YamlDocument.parse("{a: '1', b: \"true\", c: 1, d: true, e: , f: ~, g: 0x10}", "test")
                        .tree())
                .containsEntry("a", "1")
                .containsEntry("b", "true")
                .containsEntry("c", 1L)
                .containsEntry("d", true)
                .containsEntry("e", null)
                .containsEntry("f", null)
                .containsEntry("g", 16L);
    }

    @Test
    void jsonIsReadToo() {
        assertThat(YamlDocument.parse("{\"a\": [1, 2.5, null], \"b\": {\"c\": \"d\"}}", "test")
                        .tree())
                .isEqualTo(Map.of("a", Arrays.asList(1L, 2.5, null), "b", Map.of("c", "d")));
    }

    @Test
    void everyKeyKnowsItsLine() {
        Source source = YamlDocument.parse("a: 1\nb:\n  c: 2\n  d:\n    - 3\n    - e: 4\n", "r.yaml")
                .source();

        assertThat(List.of(source.locate("b.c"), source.locate("b.d[1].e"), source.locate("b.d[1].missing")))
                .containsExactly("r.yaml, line 3", "r.yaml, line 6", "r.yaml, line 6");
    }

    @Test
    void anUnknownKeyAtTheTopIsLocatedByItsFile() {
        assertThat(YamlDocument.parse("a: 1", "r.yaml").source().locate("missing"))
                .isEqualTo("r.yaml");
    }

    @Test
    void anAnchorGivesTheSameValueTwice() {
        assertThat(YamlDocument.parse("a: &x {b: 1}\nc: *x", "r.yaml").tree())
                .isEqualTo(Map.of("a", Map.of("b", 1L), "c", Map.of("b", 1L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: 1\nb: 2\na: 3' | r.yaml, line 3: key 'a' stands here twice",
                "'a: &x [*x]' | r.yaml, line 1: an anchor refers to itself, which is not allowed",
                "'[a]: 1' | r.yaml, line 1: a key is a list or a mapping where a word is expected",
                "'- a\n- b' | r.yaml: found a list where a mapping of keys to values is expected",
                "'' | r.yaml: found nothing where a mapping of keys to values is expected",
                "'hello' | r.yaml: found the text 'hello' where a mapping of keys to values is expected"
            })
    void whatIsNoMappingIsRefused(String text, String message) {
        assertThatThrownBy(() -> YamlDocument.parse(text, "r.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'a: 1\nb: [1, 2\nc: 3' | line 3", "'a: 1\n\tb: 2' | line 2", "'a: \"open' | line 1"})
    void brokenYamlIsRefusedWithItsLine(String text, String line) {
        assertThatThrownBy(() -> YamlDocument.parse(text, "r.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("r.yaml, " + line + ": not valid YAML: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void filesThatCannotBeReadAreNamed(@TempDir Path directory) throws IOException {
        Path binary = Files.write(directory.resolve("binary.yaml"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> YamlDocument.read(directory.resolve("missing.yaml")))
                .hasMessage("there is no file " + directory.resolve("missing.yaml"));
        assertThatThrownBy(() -> YamlDocument.read(directory)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> YamlDocument.read(binary)).hasMessageContaining("it is not UTF-8 text");
    }
}
