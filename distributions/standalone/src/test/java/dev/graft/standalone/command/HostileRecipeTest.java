package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What training says of recipes and data that are wrong: one sentence, and nothing half-written. */
class HostileRecipeTest {
    @TempDir
    Path directory;

    private Workplace place;
    private Path output;

    @BeforeEach
    void choosePlace() {
        place = new Workplace(directory);
        output = directory.resolve("out");
    }

    private String sentence(String method, String objective, String data, String change) {
        Path records = place.file("records.jsonl", data);
        String recipe = """
                model: {path: %s}
                method: %s
                objective: %s
                optimizer: sgd
                schedule: {learning_rate: 0.1}
                data: {train: %s, max_length: 32, batch_size: 2}
                training: {steps: 2}
                output: %s
                """.formatted(place.model(), method, objective, records, output);
        String[] parts = change.split(" -> ", -1);
        String changed = change.isEmpty() ? recipe : recipe.replace(parts[0], parts[1]);
        Throwable failure = catchThrowable(() -> Workplace.train(place.file("recipe.yaml", changed)));
        assertThat(failure).isInstanceOf(ConfigurationException.class);
        assertThat(failure.getMessage().lines()).as("sentences").hasSize(1);
        return failure.getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch_size -> batchsize | unknown key 'data.batchsize'; did you mean 'batch_size'?",
                "schedule: -> shedule: | unknown key 'shedule'; did you mean 'schedule'?",
                "steps: 2 -> steps: two | key 'training.steps'",
                "steps: 2 -> steps: [2] | key 'training.steps'",
                "steps: 2 -> steps: 0 | key 'training.steps'",
                "training: {steps: 2} -> training: 2 | key 'training'",
                "learning_rate: 0.1 -> learning_rate: fast | key 'schedule.learning_rate'",
                "optimizer: sgd -> optimizer: sdg | did you mean 'sgd'?",
                "objective: causal-lm -> objective: causal-ml | did you mean 'causal-lm'?",
                "steps: 2} -> steps: 2 | line "
            })
    void aRecipeThatMakesNoSenseNamesTheKey(String change, String message) {
        assertThat(sentence("lora", "causal-lm", "{\"text\": \"one\"}", change))
                .contains(message)
                .contains("recipe.yaml");
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "causal-lm | `` | the data set is empty",
                "causal-lm | {\"text\": \"one\" | records.jsonl",
                "causal-lm | {\"prose\": \"one\"} | records.jsonl",
                "causal-lm | [1] | records.jsonl",
                "classification | {\"text\": \"one\", \"label\": 1.5} | the label is 1.5",
                "classification | {\"text\": \"one\"} | records.jsonl"
            })
    void dataThatMakeNoSenseAreRefused(String objective, String data, String message) {
        assertThat(sentence("lora", objective, data, "")).contains(message);
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"5", "99999999999", "maybe"})
    void aLabelThatIsNoClassIsRefused(String label) {
        String data = "{\"text\": \"one\", \"label\": \"no\"}\n{\"text\": \"two\", \"label\": \"" + label + "\"}\n";

        assertThat(sentence("lora", "classification", data, "max_length: -> labels: [no, yes], max_length:"))
                .contains("records.jsonl", label);
        assertThat(output).doesNotExist();
    }

    @Test
    void aTokenizerThatBelongsToALargerModelIsRefused() {
        Path small = new Workplace(directory.resolve("small")).model(200);

        assertThat(sentence("lora", "causal-lm", "{\"text\": \"one\"}", place.model() + " -> " + small))
                .contains("records.jsonl", "is outside the model's vocabulary of 200");
    }

    @Test
    void aSequenceLongerThanTheModelAllowsIsRefused() {
        String data = "{\"text\": \"" + "two ".repeat(100) + "\"}";

        assertThat(sentence("lora", "causal-lm", data, "max_length: 32 -> max_length: 1000"))
                .contains("records.jsonl", "more than the 64 positions of the model");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefused() {
        Path inside = place.file("a-file", "").resolve("out");

        assertThat(sentence("lora", "causal-lm", "{\"text\": \"one two\"}", output + " -> " + inside))
                .contains(inside.toString());
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunBeforeTheAdapterIsWritten() {
        String diverging = "learning_rate: 0.1 -> learning_rate: 1.0e30";

        assertThat(sentence("full", "causal-lm", "{\"text\": \"one two\"}", diverging))
                .contains("not finite");
        assertThat(output.resolve("adapter")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from_scratch | from_scrach | unknown key 'model.from_scrach'; did you mean 'from_scratch'?",
                "seed: 7 | seed: seven | key 'training.seed'",
                "objective: | objectiv: | key 'objective' is missing or no section",
                "^model | [model | recipe.yaml"
            })
    void aRunWhoseRecipeWasSpoiltIsRefusedByTheCommands(String pattern, String replacement, String message) {
        Path run = place.run("run", place.model(), false, "lora");
        Damage.text(run.resolve("recipe.yaml"), pattern, replacement);

        Run generated = Run.graft("generate", run.toString(), "--prompt", "one");
        Run merged = Run.graft("merge", run.toString(), "--output", output.toString());

        assertThat(Damage.sentence(generated)).contains(message).contains("recipe.yaml");
        assertThat(Damage.sentence(merged)).contains(message);
        assertThat(Files.exists(output)).isFalse();
    }
}
