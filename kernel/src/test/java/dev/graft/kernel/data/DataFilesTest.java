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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void quotedValuesMayHoldSeparatorsLineBreaksAndQuotes() throws IOException {
        Path file = write("a.csv", "text,label\r\n\"a, \"\"b\"\"\nc\",1\r\n\r\nplain,\r\n");

        List<DataRecord> records = DataFiles.read(file);

        assertThat(records)
                .extracting(DataRecord::fields)
                .containsExactly(Map.of("text", "a, \"b\"\nc", "label", "1"), Map.of("text", "plain", "label", ""));
        assertThat(records).extracting(DataRecord::source).containsExactly(file + ":2", file + ":5");
        assertThat(DataFiles.read(write("b.tsv", "text\tlabel\na, b\tx\n"))
                        .get(0)
                        .fields())
                .isEqualTo(Map.of("text", "a, b", "label", "x"));
        assertThat(DataFiles.read(write("c.csv", ""))).isEmpty();
    }

    @Test
    void rowsThatDoNotFitTheColumnsAreReportedWithTheirLine() throws IOException {
        assertRefused(
                write("a.csv", "text,label\na,1\nb\n"), ":3: the row has 1 values for the 2 columns [text, label]");
        assertRefused(
                write("b.csv", "text,text\na,1\n"),
                ":1: the first row must name every column once, found 'text' twice");
        assertRefused(
                write("c.csv", "text,\na,1\n"),
                ":1: the first row must name every column once, found a column without");
        assertRefused(write("d.csv", "text\n\"open\n"), "not comma-separated values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4"})
    void parquetFilesKeepTheirNestedColumns(String compression) throws Exception {
        Path file = resource("nested-" + compression + ".parquet");

        List<DataRecord> records = DataFiles.read(file);

        assertThat(records).hasSize(7);
        assertThat(records.get(4).source()).isEqualTo(file + ":5");
        Map<String, Object> expected = new java.util.HashMap<>(Map.of(
                "messages",
                List.of(
                        Map.of("role", "user", "content", "Frage 5 \u00e9\ud83d\ude42"),
                        Map.of("role", "assistant", "content", "Antwort 5")),
                "label",
                2,
                "score",
                1.25,
                "ok",
                false,
                "tags",
                List.of("t5", "u"),
                "meta",
                Map.of("source", "test", "n", 5L),
                "attributes",
                Map.of("k", 5L),
                "big",
                (1L << 40) + 5));
        expected.put("note", null);
        assertThat(records.get(5).fields()).isEqualTo(expected);
        assertThat(records.get(3).fields()).containsEntry("tags", List.of());
        assertThat(records.get(4).fields()).containsEntry("note", "n4");
    }

    @Test
    void parquetFilesWithDictionariesAndSecondVersionPagesAreRead() throws Exception {
        assertThat(DataFiles.read(resource("labels.parquet")))
                .extracting(DataRecord::fields)
                .containsExactly(Map.of("text", "a", "label", "x"), Map.of("text", "b", "label", "y"));
        assertRefused(resource("brotli.parquet"), "its columns are compressed with BROTLI; what can be read is");
        assertRefused(
                write("a.parquet", "PAR1 but not really PAR1"), "a.parquet is not a Parquet file that can be read");
    }

    private static Path resource(String name) throws java.net.URISyntaxException {
        return Path.of(DataFilesTest.class.getResource(name).toURI());
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
