package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.standalone.Run;
import dev.graft.standalone.report.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinualCommandTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeSequence() throws IOException {
        new TinyRun(directory);
        Files.writeString(
                directory.resolve("other.jsonl"),
                Files.readString(directory.resolve("data.jsonl")).replace("heat", "fan"));
        file = directory.resolve("sequence.yaml");
        Files.writeString(file, """
                recipe: recipe.yaml
                tasks:
                  - {name: heat, data: {train: data.jsonl}}
                  - {name: fan, data: {train: other.jsonl}}
                ways:
                  - {name: plain, method: {id: lora, r: 2, target_modules: all-linear}}
                  - name: held
                    method: [{id: lora, r: 2, target_modules: all-linear}, {id: ewc, lambda: 1e4}]
                figure: token_accuracy
                output: %s
                """.formatted(directory.resolve("out")));
    }

    @Test
    void everyTaskIsLearnedFromTheOneBeforeItAndExaminedAfterEach() throws IOException {
        Run run = Run.graft("continual", file.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).containsPattern("PLAIN +heat +fan").containsPattern("HELD +heat +fan");
        assertThat(directory.resolve("out/report.md")).content().contains("FORGETTING", "after fan");
        assertThat(MetricsFile.read(directory.resolve("out/held/2-fan/metrics.jsonl")))
                .filteredOn(line -> line.has("loss"))
                .allMatch(line -> line.has("penalty"))
                .anyMatch(line -> line.path("penalty").asDouble() > 0);
        assertThat(MetricsFile.read(directory.resolve("out/plain/2-fan/metrics.jsonl")))
                .noneMatch(line -> line.has("penalty"));
        assertThat(directory.resolve("out/held/2-fan/adapter/ewc/adapter_model.safetensors"))
                .isNotEmptyFile();
    }

    @Test
    void whatIsLearnedIsKeptWhenItIsCalledAgain() {
        Run.graft("continual", file.toString());
        Map<String, Object> report = JsonFile.read(directory.resolve("out/report.json"));

        Run again = Run.graft("continual", file.toString());

        assertThat(again.code()).isZero();
        assertThat(again.err().lines()).hasSize(4).allMatch(line -> line.contains("is complete and is kept"));
        assertThat(again.out()).doesNotContain("step 6/6");
        assertThat(JsonFile.read(directory.resolve("out/report.json"))).isEqualTo(report);
    }

    @Test
    void mistakesAreOneSentenceBeforeAnythingIsLearned() throws IOException {
        Files.writeString(file, Files.readString(file).replace("other.jsonl", "gone.jsonl"));

        Run run = Run.graft("continual", file.toString());

        assertThat(run.code()).isEqualTo(GraftCommand.BAD_INPUT);
        assertThat(run.err().lines()).hasSize(1).allMatch(line -> line.contains("gone.jsonl"));
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aFigureThatTheObjectiveLacksIsNamedAfterTheFirstTask() throws IOException {
        Files.writeString(file, Files.readString(file).replace("token_accuracy", "accuracy"));

        Run run = Run.graft("continual", file.toString());

        assertThat(run.code()).isEqualTo(GraftCommand.BAD_INPUT);
        assertThat(run.err()).contains("key 'figure' is 'accuracy'", "token_accuracy");
        assertThat(directory.resolve("out/plain/2-fan")).doesNotExist();
    }
}
