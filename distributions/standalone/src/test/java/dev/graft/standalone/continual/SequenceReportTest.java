package dev.graft.standalone.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.continual.AccuracyMatrix;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceReportTest {
    private static final String SEQUENCE = """
            recipe: task.yaml
            tasks:
              - {name: colours, data: {train: a.jsonl, eval: b.jsonl}}
              - {name: shapes, data: {train: c.jsonl, eval: d.jsonl}}
            ways:
              - {name: plain, method: lora}
              - {name: held, method: [lora, {id: ewc, lambda: 5}]}
            output: out
            """;

    @TempDir
    private Path directory;

    private TaskSequence read(String yaml) {
        try {
            Path file = directory.resolve("sequence.yaml");
            Files.writeString(file, yaml);
            return TaskSequence.read(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theReportShowsEveryMatrixAndWhatTheyComeTo() {
        SequenceReport report = new SequenceReport(read(SEQUENCE), Map.of("plain", new AccuracyMatrix(new double[][] {
            {0.9, 0.5}, {0.6, 0.8}
        })));

        assertThat(report.lines())
                .containsSubsequence(
                        "PLAIN          colours  shapes",
                        "after colours    0.900   0.500",
                        "after shapes     0.600   0.800",
                        "ACCURACY  AT THE END  WHEN LEARNED  FORGETTING  BACKWARD",
                        "plain          0.700         0.850       0.300    -0.300");
    }

    @Test
    void theReportIsWrittenForPeopleAndForPrograms() {
        new SequenceReport(read(SEQUENCE), Map.of("plain", new AccuracyMatrix(new double[][] {{1, 0}, {0, 1}})))
                .write(directory);

        assertThat(directory.resolve("report.md")).content().contains("FORGETTING");
        Map<?, ?> way = (Map<?, ?>)
                ((Map<?, ?>) JsonFile.read(directory.resolve("report.json")).get("ways")).get("plain");
        assertThat(way.get("forgetting")).isEqualTo(1.0);
        assertThat(way.get("matrix")).isEqualTo(List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)));
    }

    @Test
    void laterTasksGoOnFromTheAdapterBefore() {
        TaskSequence sequence = read(SEQUENCE);
        SequenceRecipes recipes = new SequenceRecipes(sequence, directory, null);

        assertThat(recipes.root(sequence.ways().get(1), 0)).isEqualTo(Path.of("out/held/1-colours"));
        assertThat(recipes.root(sequence.ways().get(1), 1)).isEqualTo(Path.of("out/held/2-shapes"));
    }

    @Test
    void mistakesAreOneSentenceEach() {
        refused(SEQUENCE.replace("shapes,", "colours,"), "key 'tasks' has the name 'colours'");
        refused(SEQUENCE.replace("name: held", "name: ../held"), "key 'ways' has the name '../held'");
        refused(SEQUENCE.replaceAll("(?m)^.*shapes.*\n", ""), "at least two tasks are needed");
        refused(SEQUENCE.replace("recipe: task.yaml", "recipes: task.yaml"), "recipes");
    }

    private void refused(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
