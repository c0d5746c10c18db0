package dev.graft.kernel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("a.json");
    }

    @Test
    void keysAreSortedAndIndentedAsTheEcosystemDoes() throws IOException {
        JsonFile.write(file, Map.of("b", List.of("x", "y"), "a", Map.of(), "c", Map.of("d", 0.5), "e", List.of()));

        assertThat(Files.readString(file)).isEqualTo("""
                        {
                          "a": {},
                          "b": [
                            "x",
                            "y"
                          ],
                          "c": {
                            "d": 0.5
                          },
                          "e": []
                        }
                        """);
    }

    @Test
    void whatPythonWritesIsRead() throws IOException {
        Files.writeString(file, "{\"limit\": [0.0, Infinity], \"none\": null, \"n\": 3}");

        Map<String, Object> read = JsonFile.read(file);

        assertThat(read)
                .containsEntry("limit", List.of(0.0, Double.POSITIVE_INFINITY))
                .containsEntry("n", 3);
        assertThat(read).containsEntry("none", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|must hold one JSON object without duplicate keys, see line 1",
                "{\"a\":1,;\"a\":2}|must hold one JSON object without duplicate keys, see line 2",
                "{\"a\":1};{}|must hold one JSON object without duplicate keys, see line 2",
                "{\"a\":|must hold one JSON object without duplicate keys, see line 1",
                "null|holds null, but must hold one JSON object"
            })
    void anythingButOneObjectIsRefused(String text, String sentence) throws IOException {
        Files.writeString(file, text.replace(';', '\n'));

        assertThatThrownBy(() -> JsonFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + " " + sentence);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> JsonFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the file " + file + " does not exist");
    }
}
