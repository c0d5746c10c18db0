package dev.graft.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterTest {

    @TempDir
    private Path directory;

    @Test
    void theCommittedDataIsWhatTheGeneratorWrites() throws IOException {
        assertThat(run("data", directory.toString())).isEmpty();

        assertThat(files(directory)).hasSize(14);
        for (Path file : files(directory)) {
            Path committed = Path.of("..", "data").resolve(directory.relativize(file));
            assertThat(committed).exists().hasSameBinaryContentAs(file);
        }
    }

    @Test
    void theCommittedTokenizerIsWhatTheGeneratorWrites() throws IOException {
        assertThat(run("tokenizer", directory.toString())).isEmpty();

        assertThat(files(directory)).hasSize(2);
        for (Path file : files(directory)) {
            assertThat(Path.of("model").resolve(file.getFileName())).exists().hasSameBinaryContentAs(file);
        }
    }

    @Test
    void theCorpusHasTheSizeThatIsAskedFor() throws IOException {
        Path corpus = directory.resolve("made").resolve("corpus.jsonl");

        assertThat(run("corpus", corpus.toString(), "1")).isEmpty();

        long bytes = 0;
        ObjectMapper mapper = new ObjectMapper();
        for (String line : Files.readAllLines(corpus)) {
            JsonNode document = mapper.readTree(line);
            assertThat(document.size()).isEqualTo(1);
            assertThat(document.get("text").asText()).isNotBlank();
            bytes += document.get("text").asText().getBytes(StandardCharsets.UTF_8).length;
        }
        assertThat(bytes).isBetween(1_000_000L, 1_010_000L);
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheUsage() {
        assertThat(run("corps", "x"))
                .isEqualTo("usage: corpus FILE [MEGABYTES] | tokenizer DIRECTORY | data DIRECTORY"
                        + System.lineSeparator());
    }

    /** Runs a command; its messages, which are empty when and only when it succeeds. */
    private static String run(String... arguments) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = Starter.run(List.of(arguments), new PrintStream(messages, true, StandardCharsets.UTF_8));
        String text = messages.toString(StandardCharsets.UTF_8);
        assertThat(code).isEqualTo(text.isEmpty() ? 0 : 2);
        return text;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
