package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import dev.graft.standalone.report.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    Path directory;

    private TinyRun tiny;

    @BeforeEach
    void writeRecipe() throws IOException {
        tiny = new TinyRun(directory);
    }

    @Test
    void aRunIsShownAndRecorded() throws IOException {
        Run run = Run.graft(tiny.train("run"));

        Path root = tiny.run("run");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern(
                        "trainable params: [\\d,]+ \\|\\| all params: [\\d,]+ \\|\\| trainable%: \\d+\\.\\d{4}")
                .contains("9 examples to train on, 3 to evaluate on", "before training: loss ", "step 6/6")
                .containsPattern("EVALUATION +BEFORE +AFTER")
                .containsPattern("BEFORE +\u2502 AFTER")
                .contains("graft eval " + root, "graft merge " + root);
        assertThat(root.resolve("adapter/adapter_model.safetensors")).exists();
        assertThat(root.resolve("loss.png")).isNotEmptyFile();
        assertThat(root).isDirectoryContaining("glob:**events.out.tfevents.*");
        List<JsonNode> metrics = MetricsFile.read(root.resolve("metrics.jsonl"));
        assertThat(metrics).filteredOn(line -> line.has("loss")).hasSize(6);
        assertThat(metrics)
                .filteredOn(line -> line.has("eval_loss"))
                .extracting(line -> line.path("step").asInt())
                .containsExactly(0, 3, 6);
    }

    @Test
    void programsGetOneObjectForEachEventAndNothingElse() throws IOException {
        Run run = Run.graft(tiny.train("run", "--json"));

        List<JsonNode> events = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            events.add(new ObjectMapper().readTree(line));
        }
        assertThat(events)
                .extracting(event -> event.path("event").asText())
                .startsWith("started")
                .endsWith("finished")
                .contains("stepped", "evaluated", "saved", "shown");
        assertThat(events.get(0).path("total_steps").asInt()).isEqualTo(6);
        assertThat(events.get(events.size() - 1).path("adapter").asText())
                .isEqualTo(tiny.run("run").resolve("adapter").toString());
    }

    @Test
    void aDryRunTrainsAndWritesNothing() {
        Run run = Run.graft(tiny.train("run", "--dry-run"));

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("learning_rate: 0.01", "trainable params: ");
        assertThat(tiny.run("run")).doesNotExist();
    }

    @Test
    void aResumedRunEndsWithTheSameAdapterAndOneLineForEachStep() throws IOException {
        Run.graft(tiny.train("whole"));
        Run.graft(tiny.train("broken"));
        Path broken = tiny.run("broken");
        delete(broken.resolve("adapter"));
        delete(broken.resolve("checkpoints/step-00000006"));

        Run resumed = Run.graft("resume", broken.toString());

        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.code()).isZero();
        assertThat(resumed.out()).contains("going on after step 4").containsPattern("BEFORE +AFTER");
        assertThat(broken.resolve("adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(tiny.run("whole").resolve("adapter/adapter_model.safetensors"));
        assertThat(MetricsFile.read(broken.resolve("metrics.jsonl")))
                .filteredOn(line -> line.has("loss"))
                .extracting(line -> line.path("step").asInt())
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void aCompleteRunSaysThatItIs() {
        Run.graft(tiny.train("run"));

        Run again = Run.graft("resume", tiny.run("run").toString());

        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains(" is complete").hasLineCount(1);
    }

    @Test
    void aRunIsEvaluatedAsItsLastEvaluationWas() throws IOException {
        Run.graft(tiny.train("run"));
        List<JsonNode> metrics = MetricsFile.read(tiny.run("run").resolve("metrics.jsonl"));

        assertThat(evalLoss("eval", tiny.run("run").toString()))
                .isEqualTo(metrics.get(metrics.size() - 1).path("eval_loss").asDouble());
        assertThat(evalLoss("eval", tiny.run("run").toString(), "--base"))
                .isEqualTo(metrics.get(0).path("eval_loss").asDouble());
        assertThat(Run.graft(
                                "eval",
                                tiny.run("run").toString(),
                                "--data",
                                tiny.data().toString())
                        .out())
                .contains("perplexity", "examples   12");
    }

    @Test
    void whatCannotBeginIsBadInputInOneSentence() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        rejected("is a file", tiny.train("file/run"));
        rejected("data.train", tiny.train("run", "data.train=missing.jsonl"));
        rejected("holds no run", "resume", directory.resolve("tiny").toString());
        rejected("--model is missing", "eval");
        rejected(
                "lower schedule.learning_rate",
                tiny.train("nan", "schedule.learning_rate=1e30", "training.clip_norm=0"));

        assertThat(file).exists();
        assertThat(tiny.run("run")).doesNotExist();
        assertThat(tiny.run("nan").resolve("adapter")).doesNotExist();
    }

    @Test
    void aRecordThatCannotBeWrittenIsNotedOnceAndTrainingGoesOn() throws IOException {
        Files.createDirectories(tiny.run("run").resolve("metrics.jsonl/taken"));

        Run run = Run.graft(tiny.train("run"));

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("cannot write the records").hasLineCount(1);
        assertThat(tiny.run("run").resolve("adapter")).isDirectory();
    }

    private static void rejected(String message, String... arguments) {
        Run run = Run.graft(arguments);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("graft: ").contains(message).hasLineCount(1);
    }

    private static double evalLoss(String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new);
        return new ObjectMapper()
                .readTree(Run.graft(all).out())
                .path("figures")
                .path("loss")
                .asDouble();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> entries = Files.walk(root)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
