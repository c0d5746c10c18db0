package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictCommandTest {
    private static final String LABELLED = """
            {"text": "one", "label": "no", "id": 7}
            {"text": "two", "label": "yes"}
            {"text": "one two three four five six seven", "label": "yes"}
            {"text": "five", "label": "no"}
            {"text": "two two", "label": "no"}
            """;

    @TempDir
    Path directory;

    private Workplace place;
    private Path run;

    @BeforeEach
    void trainClassifier() {
        place = new Workplace(directory);
        run = place.classifier("run");
    }

    private Run predict(Path data, String... arguments) {
        List<String> all = new ArrayList<>(List.of("predict", run.toString(), "--data", data.toString()));
        all.addAll(List.of(arguments));
        return Run.graft(all.toArray(String[]::new));
    }

    private static List<JsonNode> lines(String text) {
        return text.lines().map(PredictCommandTest::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    @Test
    void everyRecordComesBackInItsOrderWithItsColumnsAndALabel() {
        Run predicted = predict(
                place.file("new.jsonl", "{\"text\": \"two\", \"id\": 1}\n{\"text\": \"one two\", \"id\": 2}\n"),
                "--scores");

        assertThat(predicted.err()).isEmpty();
        assertThat(predicted.code()).isZero();
        List<JsonNode> lines = lines(predicted.out());
        assertThat(lines).extracting(line -> line.path("id").asInt()).containsExactly(1, 2);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.path("predicted_label").asText()).isIn("no", "yes");
            double no = line.path("scores").path("no").asDouble();
            double yes = line.path("scores").path("yes").asDouble();
            assertThat(no + yes).isCloseTo(1, within(1e-6));
            assertThat(line.path("probability").asDouble()).isEqualTo(Math.max(no, yes));
            assertThat(line.path("predicted_label").asText()).isEqualTo(yes > no ? "yes" : "no");
        });
    }

    @Test
    void asManyAnswersAreRightAsAnEvaluationCounts() {
        Path data = place.file("test.jsonl", LABELLED);

        List<JsonNode> lines = lines(predict(data).out());
        Run evaluated = Run.graft("eval", run.toString(), "--data", data.toString(), "--json");

        assertThat(right(lines) / 5.0)
                .isEqualTo(
                        json(evaluated.out()).path("figures").path("accuracy").asDouble());
    }

    @Test
    void neitherPaddingNorBatchMatesNorALabelChangeAnAnswer() {
        List<JsonNode> together = lines(
                predict(place.file("test.jsonl", LABELLED), "--batch-size", "5").out());
        String bare = LABELLED.replaceAll(", \"label\": \"\\w+\"", "");
        List<JsonNode> alone = lines(
                predict(place.file("bare.jsonl", bare), "--batch-size", "1").out());

        assertThat(together).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(alone.get(i).has("label")).isFalse();
            assertThat(alone.get(i).path("predicted_label"))
                    .isEqualTo(together.get(i).path("predicted_label"));
            assertThat(alone.get(i).path("probability").asDouble())
                    .isCloseTo(together.get(i).path("probability").asDouble(), within(1e-5));
        }
    }

    @Test
    void aFileIsWrittenWholeAndItsLabelsAreCounted() throws IOException {
        Path output = directory.resolve("made/labelled.jsonl");

        Run predicted = predict(place.file("new.csv", "text,id\none,a\ntwo,b\n"), "--output", output.toString());

        assertThat(predicted.code()).isZero();
        assertThat(predicted.out()).contains("records    2").containsPattern("LABEL +RECORDS");
        assertThat(lines(Files.readString(output)))
                .extracting(line -> line.path("id").asText())
                .containsExactly("a", "b");
        Run again = predict(place.file("new.txt", "one two"), "--output", output.toString());
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("exists").contains("--overwrite").hasLineCount(1);
        assertThat(Files.readAllLines(output)).hasSize(2);
        Run replaced =
                predict(place.file("new.txt", "one two"), "--output", output.toString(), "--overwrite", "--json");
        assertThat(json(replaced.out()).path("records").asInt()).isEqualTo(1);
        assertThat(lines(Files.readString(output)))
                .extracting(line -> line.path("text").asText())
                .containsExactly("one two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{id: ppt-tuning, label_words: {no: two, yes: one}}",
                "{id: hard-prompt, template: '{text} It is {mask}', verbalizer: {no: [two, ten], yes: [one]}}"
            })
    void labelWordsAnswerWithoutARun(String keys) {
        String objective = place.file("objective.yaml", keys).toString();
        String model = place.model().toString();
        String data = place.file("test.jsonl", LABELLED).toString();

        Run predicted = Run.graft("predict", "--model", model, "--objective", objective, "--data", data, "--scores");
        Run evaluated = Run.graft("eval", "--model", model, "--objective", objective, "--data", data, "--json");

        assertThat(predicted.err()).isEmpty();
        List<JsonNode> lines = lines(predicted.out());
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("scores").fieldNames())
                        .toIterable()
                        .containsExactly("no", "yes"));
        assertThat(right(lines) / 5.0)
                .isEqualTo(
                        json(evaluated.out()).path("figures").path("accuracy").asDouble());
    }

    private static long right(List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("predicted_label").equals(line.path("label")))
                .count();
    }

    @Test
    void whatIsTooLongIsCutAndSaidSo() {
        Run predicted = predict(place.file("new.jsonl", "{\"text\": \"one two three four\"}\n"), "--max-length", "2");

        assertThat(lines(predicted.out())).hasSize(1);
        assertThat(predicted.err()).contains("1 of 1 unlabelled records were cut to 2 tokens");
    }

    @Test
    void whatCannotBePredictedIsBadInputInOneSentence() {
        Path output = directory.resolve("labelled.jsonl");
        Path data = place.file("new.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\", \"probability\": 1}\n");

        rejected(
                "new.jsonl:2: the record has a column 'probability' already",
                predict(data, "--output", output.toString()));
        rejected(
                "column 'text' is empty",
                predict(place.file("other.jsonl", "{\"text\": null}\n"), "--output", output.toString()));
        rejected("is a directory", predict(data, "--output", directory.toString()));
        rejected("is no file", predict(directory.resolve("missing.jsonl")));
        rejected("--data is missing", Run.graft("predict", run.toString()));
        rejected(
                "objective 'causal-lm' gives no labels",
                Run.graft(
                        "predict",
                        "--model",
                        place.model().toString(),
                        "--objective",
                        "causal-lm",
                        "--data",
                        data.toString()));
        assertThat(output).doesNotExist();
    }

    private static void rejected(String sentence, Run run) {
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("graft: ").contains(sentence).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }
}
