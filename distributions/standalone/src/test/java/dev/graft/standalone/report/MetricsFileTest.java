package dev.graft.standalone.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    @TempDir
    Path directory;

    private Path written(int steps) throws IOException {
        Path file = directory.resolve("metrics.jsonl");
        try (MetricsFile metrics = MetricsFile.open(file, 0)) {
            for (int step = 1; step <= steps; step++) {
                metrics.write(Map.of("step", step));
            }
        }
        return file;
    }

    @Test
    void everyLineIsOneObject() throws IOException {
        assertThat(Files.readAllLines(written(3))).containsExactly("{\"step\":1}", "{\"step\":2}", "{\"step\":3}");
    }

    @Test
    void aResumedRunDropsTheStepsItTakesAgain() throws IOException {
        Path file = written(5);

        try (MetricsFile metrics = MetricsFile.open(file, 3)) {
            metrics.write(Map.of("step", 4));
        }

        assertThat(MetricsFile.read(file))
                .extracting(line -> line.path("step").asInt())
                .isEqualTo(List.of(1, 2, 3, 4));
    }

    @Test
    void aLineThatWasCutOffIsDropped() throws IOException {
        Path file = written(2);
        Files.writeString(file, "{\"step\":3,\"lo", StandardOpenOption.APPEND);

        try (MetricsFile metrics = MetricsFile.open(file, 10)) {
            metrics.write(Map.of("step", 3));
        }

        assertThat(Files.readAllLines(file)).containsExactly("{\"step\":1}", "{\"step\":2}", "{\"step\":3}");
    }
}
