package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.standalone.Run;
import dev.graft.standalone.report.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainCommandTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeChain() throws IOException {
        new TinyRun(directory);
        String recipe = Files.readString(directory.resolve("recipe.yaml"));
        write("one.yaml", recipe + "output: " + directory.resolve("one") + "\n");
        write(
                "two.yaml",
                (recipe + "output: " + directory.resolve("two") + "\n")
                        .replaceFirst("(?m)^objective:.*", """
                                objective: {id: ppo, rollout_size: 4, num_ppo_epochs: 1, response_length: 5}
                                scorer: {id: pattern, pattern: "e", whole: false}""")
                        .replaceFirst(
                                "(?m)^method:.*",
                                "method: [{adapter: " + directory.resolve("one/adapter")
                                        + ", frozen: true}, {id: lora, name: second, r: 2}]"));
        file = write("chain.yaml", """
                stages:
                  - {name: one, recipe: one.yaml}
                  - {name: two, recipe: two.yaml}
                measure: {recipe: one.yaml, figure: token_accuracy}
                output: %s
                """.formatted(directory.resolve("out")));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void stagesGoOnFromEachOtherAndAreMeasured() throws IOException {
        Run run = Run.graft("chain", file.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "stage one\n", "stage two\n", "rollout after step 0", "STAGE", "base", "one", "two");
        assertThat(JsonFile.read(directory.resolve("out/report.json")).get("measured"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("base", "one", "two");
        assertThat(directory.resolve("out/report.png")).isNotEmptyFile();
        assertThat(directory.resolve("out/report.md")).content().contains("TOKEN_ACCURACY");
        assertThat(MetricsFile.read(directory.resolve("two/rollouts.jsonl")))
                .isNotEmpty()
                .allMatch(line -> line.has("prompt") && line.has("answer") && line.has("score"));
        assertThat(MetricsFile.read(directory.resolve("two/metrics.jsonl")))
                .anyMatch(line -> line.has("rollout_score"));
    }

    @Test
    void whatHasRunIsKeptWhenItIsCalledAgain() {
        Run.graft("chain", file.toString());
        Map<String, Object> report = JsonFile.read(directory.resolve("out/report.json"));

        Run again = Run.graft("chain", file.toString());

        assertThat(again.code()).isZero();
        assertThat(again.err().lines()).hasSize(2).allMatch(line -> line.contains("is complete and is kept"));
        assertThat(JsonFile.read(directory.resolve("out/report.json"))).isEqualTo(report);
    }

    @Test
    void mistakesAreOneSentenceBeforeAnythingRuns() throws IOException {
        for (List<String> mistake : List.of(
                List.of("recipe: two.yaml", "recipe: gone.yaml", "gone.yaml"),
                List.of("name: two", "name: one", "each its own"),
                List.of("figure: token_accuracy", "figure: token_accuracy, stages: [three]", "names 'three'"))) {
            Path wrong = write("wrong.yaml", Files.readString(file).replace(mistake.get(0), mistake.get(1)));

            Run run = Run.graft("chain", wrong.toString());

            assertThat(run.code()).isEqualTo(GraftCommand.BAD_INPUT);
            assertThat(run.err().lines()).hasSize(1).allMatch(line -> line.contains(mistake.get(2)));
            assertThat(directory.resolve("one")).doesNotExist();
        }
    }

    @Test
    void aFigureThatTheObjectiveLacksIsNamed() throws IOException {
        Path wrong = write("wrong.yaml", Files.readString(file).replace("token_accuracy", "accuracy"));

        Run run = Run.graft("chain", wrong.toString());

        assertThat(run.code()).isEqualTo(GraftCommand.BAD_INPUT);
        assertThat(run.err()).contains("key 'measure.figure' is 'accuracy'", "token_accuracy");
    }
}
