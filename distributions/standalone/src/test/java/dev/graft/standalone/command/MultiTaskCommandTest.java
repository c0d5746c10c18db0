package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultiTaskCommandTest {
    @TempDir
    private Path directory;

    private Path recipe;
    private Path run;
    private Run trained;

    @BeforeEach
    void train() throws IOException {
        Path model = new Workplace(directory).model();
        Files.writeString(directory.resolve("kinds.jsonl"), """
                {"text": "one", "label": "no"}
                {"text": "two", "label": "yes"}
                {"text": "three", "label": "maybe"}
                """);
        Files.writeString(directory.resolve("texts.jsonl"), "{\"text\": \"one two\"}\n{\"text\": \"three four\"}\n");
        run = directory.resolve("run");
        recipe = directory.resolve("recipe.yaml");
        Files.writeString(recipe, """
                model: %s
                method:
                  - {id: lora, r: 2}
                  - {id: full, name: kinds-head, head_only: true, tasks: [kinds]}
                tasks:
                  - {name: kinds, objective: classification, data: {train: kinds.jsonl, eval: kinds.jsonl, batch_size: 1}, weight: 2}
                  - {name: texts, objective: causal-lm, data: {train: texts.jsonl, eval: texts.jsonl, batch_size: 1}, show: [one]}
                schedule: {learning_rate: 1e-2}
                training: {steps: 4}
                output: %s
                """.formatted(model, run));
        trained = Run.graft("train", recipe.toString());
    }

    private static JsonNode json(Run answer) throws IOException {
        assertThat(answer.code()).as(answer.err()).isZero();
        return new ObjectMapper().readTree(answer.out());
    }

    private static void rejected(String sentence, String... arguments) {
        Run answer = Run.graft(arguments);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).startsWith("graft: ").contains(sentence);
        assertThat(answer.err().strip()).doesNotContain("\n");
    }

    @Test
    void trainingTellsOfItsTasksAndWhatToDoNext() {
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out())
                .contains("task       kinds: classification, weight 2.0")
                .contains("task       texts: causal-lm")
                .contains("full: head_only true (of kinds)")
                .contains("kinds/accuracy", "texts/perplexity")
                .contains("eval " + run)
                .doesNotContain("merge " + run);
        assertThat(run.resolve("loss.png")).exists();
    }

    @Test
    void aRunIsEvaluatedOnEachOfItsTasks() throws IOException {
        JsonNode adapted = json(Run.graft("eval", run.toString(), "--json", "--batch-size", "2"));
        JsonNode bare = json(Run.graft("eval", run.toString(), "--json", "--base"));

        assertThat(adapted.path("examples").asInt()).isEqualTo(5);
        JsonNode figures = adapted.path("figures");
        double mean = (2 * figures.path("kinds/loss").asDouble()
                        + figures.path("texts/loss").asDouble())
                / 3;
        assertThat(figures.path("loss").asDouble()).isCloseTo(mean, within(1e-9));
        assertThat(bare.path("adapter").isNull()).isTrue();
        assertThat(figures.path("loss").asDouble())
                .isLessThan(bare.path("figures").path("loss").asDouble());
        rejected("--data stands beside the run", "eval", run.toString(), "--data", recipe.toString());
    }

    @Test
    void oneOfTheTasksIsEvaluatedAndGivesLabels() throws IOException {
        JsonNode all = json(Run.graft("eval", run.toString(), "--json")).path("figures");
        JsonNode texts = json(Run.graft("eval", run.toString(), "--json", "--task", "texts"));
        JsonNode kinds = json(Run.graft("eval", run.toString(), "--json", "--task", "kinds"));

        assertThat(texts.path("figures").path("loss")).isEqualTo(all.path("texts/loss"));
        assertThat(kinds.path("figures").path("loss")).isEqualTo(all.path("kinds/loss"));
        String data = directory.resolve("kinds.jsonl").toString();
        Run predicted = Run.graft("predict", run.toString(), "--task", "kinds", "--data", data);
        assertThat(predicted.code()).as(predicted.err()).isZero();
        assertThat(predicted.out().lines()).hasSize(3).allMatch(line -> line.contains("\"predicted_label\":"));
        rejected("learnt several tasks; --task names one of kinds, texts", "predict", run.toString(), "--data", data);
        rejected("--task is 'words'; the tasks are kinds, texts", "eval", run.toString(), "--task", "words");
    }

    @Test
    void whatIsInTheAdapterIsToldWithItsTasks() throws IOException {
        JsonNode inspected = json(Run.graft("inspect", run.resolve("adapter").toString(), "--json"));

        List<?> tasks = inspected.findValues("tasks").stream()
                .map(node -> new ObjectMapper().convertValue(node, List.class))
                .toList();
        assertThat(tasks).isEqualTo(List.of(List.of("kinds", "texts"), List.of("kinds")));
    }

    @Test
    void commandsForOneObjectiveSayWhatToNameInstead() {
        String several = "learnt several tasks, which have no objective in common";
        for (List<String> command : List.of(
                List.of("generate", run.toString(), "--prompt", "one"),
                List.of(
                        "merge",
                        run.toString(),
                        "--output",
                        directory.resolve("merged").toString()))) {
            rejected(several, command.toArray(String[]::new));
        }
        rejected(
                "name one of its folders: lora (kinds, texts), kinds-head (kinds)",
                "generate",
                "--adapter",
                run.resolve("adapter").toString(),
                "--prompt",
                "one");
        Run one = Run.graft(
                "generate",
                "--adapter",
                run.resolve("adapter/lora").toString(),
                "--prompt",
                "one",
                "--max-new-tokens",
                "2");
        assertThat(one.code()).as(one.err()).isZero();
    }

    @Test
    void whatARecipeOfTasksTakesIsEstimated() throws IOException {
        JsonNode estimate = json(Run.graft("estimate", recipe.toString(), "--json"));

        assertThat(new ObjectMapper().convertValue(estimate, Map.class).toString())
                .contains("kinds-head", "lora");
    }
}
