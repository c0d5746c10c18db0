package dev.graft.kernel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    private Path folder;

    @Test
    void jsonLinesAreOneRecordEachAndKnowTheirLine() throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"one\", \"n\": 1}\n\n{\"text\": \"zwei\\n\", \"l\": [true, null]}\n");

        List<DataRecord> records = DataFiles.read(file);

        assertThat(records).extracting(DataRecord::source).containsExactly(file + ":1", file + ":3");
        assertThat(records.get(0).fields()).isEqualTo(Map.of("text", "one", "n", 1));
        assertThat(records.get(1).fields()).containsEntry("l", java.util.Arrays.asList(true, null));
    }

    @Test
    void aJsonFileMayHoldAnArrayOrRecordsInARow() throws IOException {
        Path array = write("a.json", "[\n {\"text\": \"one\"},\n {\"text\":\n \"two\"}\n]\n");
        Path row = write("b.json", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");

        assertThat(DataFiles.read(array))
                .extracting(record -> record.require("text"))
                .containsExactly("one", "two");
        assertThat(DataFiles.read(array).get(1).source()).isEqualTo(array + ":3");
        assertThat(DataFiles.read(row))
                .extracting(record -> record.require("text"))
                .containsExactly("one", "two");
    }

    @Test
    void aTextFileIsOneRecord() throws IOException {
        Path file = write("a.txt", "\uFEFFfirst\nsecond\n");

        assertThat(DataFiles.read(file).get(0).require("text")).isEqualTo("first\nsecond\n");
    }

    @Test
    void brokenJsonIsReportedWithItsLine() throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"\n");

        assertRefused(file, file + ":");
        assertRefused(write("b.jsonl", "{\"text\": \"one\"}\n[1]\n"), ":2: a record must be an object");
        assertRefused(write("c.jsonl", "\"text\"\n"), ":1: a record must be an object");
        assertRefused(write("d.json", "[{\"text\": \"x\"}] {}"), "something follows the array");
        assertRefused(write("e.jsonl", "{\"text\": \"one\", \"text\": \"two\"}"), ":1: not JSON: Duplicate field");
    }

    @Test
    void bytesThatAreNoUtf8AreReportedWithTheirLine() throws IOException {
        Path file = folder.resolve("a.jsonl");
        Files.write(file, "{\"text\": \"a\"}\n{\"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(file, ":2: byte 0xE9 is not UTF-8");
    }

    @Test
    void missingAndUnknownFilesAreReported() throws IOException {
        assertRefused(folder.resolve("none.jsonl"), "does not exist");
        assertRefused(folder, "is not a regular file");
        assertRefused(write("a.xlsx", ""), "has the extension '.xlsx'; what can be read is");
        assertRefused(write("noextension", ""), "has the extension ''");
    }

    private void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> DataFiles.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(reason);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
