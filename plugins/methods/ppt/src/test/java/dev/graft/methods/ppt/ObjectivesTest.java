package dev.graft.methods.ppt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ObjectivesTest {
    private static final Map<String, Object> TASK = Map.of("label_words", Map.of("joy", "good", "anger", "bad"));
    private static final MethodUnderTest<PptConfig> PROMPTS = new MethodUnderTest<>(new PptProvider());

    private final WordTokenizer tokenizer = new WordTokenizer();

    private static Objective pretraining(Map<String, Object> keys) {
        return new PptPretrainingProvider()
                .create(ConfigurationBinder.bind(PptPretrainingConfig.class, keys, "objective"));
    }

    private static Objective tuning(Map<String, Object> keys) {
        return new PptTuningProvider().create(ConfigurationBinder.bind(PptTuningConfig.class, keys, "objective"));
    }

    private static DataRecord record(Object... fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put((String) fields[i], fields[i + 1]);
        }
        return new DataRecord(map, "data.jsonl:1");
    }

    private static final List<DataRecord> TEXTS = List.of(
            record("text", "It rains. We stay in. I read."),
            record("text", "The dog barks. A cat runs away."),
            record("text", "Dinner is hot. They wait."));

    private EncodeContext context(LoadedModel model, int maxLength) {
        return new EncodeContext(tokenizer, model.description(), maxLength, List.of());
    }

    private static Map<String, Object> annotated(Object... more) {
        Map<String, Object> keys = new LinkedHashMap<>(Map.of(
                "form",
                "single_sentence",
                "label_words",
                List.of("bad", "good"),
                "labels",
                List.of("anger", "joy"),
                "label",
                "predicted_label",
                "confidence_column",
                "probability",
                "confidence",
                0.6));
        for (int i = 0; i < more.length; i += 2) {
            keys.put((String) more[i], more[i + 1]);
        }
        return keys;
    }

    private static List<Double> labels(Objective objective, List<DataRecord> records, EncodeContext context) {
        return objective.prepare(records, records, RandomStream.seeded(1)).stream()
                .map(question -> objective.encode(question, context))
                .map(example -> example.map(made -> made.values().get("label")).orElse(null))
                .toList();
    }

    @Test
    void onlyConfidentLabelsOfAnAnnotatorCount() {
        List<DataRecord> records = List.of(
                record("text", "Hooray. At last.", "predicted_label", "joy", "probability", 0.9),
                record("text", "Stop it.", "predicted_label", "anger", "probability", 0.6f),
                record("text", "Hm.", "predicted_label", "anger", "probability", 0.59),
                record("text", "Oh.", "predicted_label", "surprise", "probability", 0.99),
                record("text", "Fine.", "predicted_label", "joy", "probability", "0.7"));
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            EncodeContext context = context(model, 99);

            assertThat(labels(pretraining(annotated()), records, context)).containsExactly(1.0, 0.0, null, null, 1.0);
            assertThat(labels(pretraining(annotated("per_label", 1)), records, context))
                    .containsExactly(1.0, 0.0, null, null, null);
        }
    }

    @Test
    void anAnnotatedTextIsAskedAboutAsAWhole() {
        List<DataRecord> records =
                List.of(record("text", "Hooray. At last.", "predicted_label", "joy", "probability", 1));

        assertThat(pretraining(annotated("pattern", "{sentence} So:"))
                        .prepare(records, records, RandomStream.seeded(1)))
                .singleElement()
                .satisfies(question -> assertThat(question.fields()).containsValue("Hooray. At last. So:"));
    }

    @Test
    void mistakesAboutAnAnnotatorAreSaidInOneSentence() {
        assertThatThrownBy(() -> pretraining(annotated("form", "sentence_pair", "label_words", List.of())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("only form single_sentence");
        assertThatThrownBy(() -> pretraining(annotated("labels", List.of("joy"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there must be one label for each word");
        assertThatThrownBy(() -> pretraining(annotated("label", null)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("label must name the column");
        List<DataRecord> records = List.of(record("text", "Oh.", "predicted_label", "joy", "probability", "high"));
        assertThatThrownBy(() -> pretraining(annotated()).prepare(records, records, RandomStream.seeded(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:1: column 'probability' holds 'high' where a number is expected");
    }

    @Test
    void theLossIsMinusTheLogProbabilityOfTheRightWordAmongTheWords() {
        Objective objective = tuning(TASK);
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench);
                Scope scope = bench.tensors().scope()) {
            AttachedAdapter prompt = PROMPTS.attach(model, Map.of("num_virtual_tokens", 2));
            List<Example> examples = List.of(
                    objective
                            .encode(record("text", "What a day", "label", "joy"), context(model, 99))
                            .orElseThrow(),
                    objective
                            .encode(record("text", "No", "label", "anger"), context(model, 99))
                            .orElseThrow());
            ModelRunner runner = new ModelRunner(model, RowAssignment.all(List.of(prompt)), PassOptions.inference());
            Loss loss = objective.loss(runner, batch(bench, examples));

            double expected = 0;
            for (Example example : examples) {
                Input alone = bench.input(new long[][] {ids(example)}, ones(ids(example).length));
                float[] logits = model.forward(alone, RowAssignment.all(List.of(prompt)), PassOptions.inference())
                        .logits()
                        .floats();
                int last = logits.length - SmallModel.VOCABULARY;
                double bad = logits[last + id("bad")];
                double good = logits[last + id("good")];
                boolean isBad = example.values().get("label") == 0;
                expected += Math.log(Math.exp(bad) + Math.exp(good)) - (isBad ? bad : good);
            }
            assertThat(loss.sum().item()).isCloseTo(expected, within(1e-5));
            assertThat(loss.weight()).isEqualTo(2);
            prompt.release();
        }
    }

    @Test
    void classesAreInTheOrderOfTheirNamesAndTheAnswerIsNotInTheText() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Example example = tuning(TASK)
                    .encode(record("text", "What a day", "label", "joy"), context(model, 99))
                    .orElseThrow();

            assertThat(tokenizer.decode(example.sequences().get(0).ids(), false))
                    .isEqualTo("What a day");
            assertThat(example.values())
                    .containsEntry("label", 1.0)
                    .containsEntry("word/0", (double) id("bad"))
                    .containsEntry("word/1", (double) id("good"));
        }
    }

    @Test
    void wordsMayBeOfferedAsOptionsAndOfLongTextsTheEndIsKept() {
        Map<String, Object> keys = Map.of(
                "label_words",
                Map.of("joy", "good", "anger", "bad"),
                "options",
                true,
                "pattern",
                "{text} {options} So");
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Example example = tuning(keys)
                    .encode(record("text", "What a day", "label", "joy"), context(model, 8))
                    .orElseThrow();

            assertThat(tokenizer.decode(example.sequences().get(0).ids(), false))
                    .isEqualTo("day A . bad B . good So");
            assertThat(example.values()).containsEntry("word/1", (double) id("B"));
        }
    }

    @Test
    void theSameRandomNumbersMakeTheSameQuestions() {
        Objective objective = pretraining(Map.of("form", "sentence_pair", "per_text", 4));
        List<DataRecord> once = objective.prepare(TEXTS, TEXTS, RandomStream.seeded(3));

        assertThat(once).hasSize(12);
        assertThat(objective.prepare(TEXTS, TEXTS, RandomStream.seeded(3))).isEqualTo(once);
        assertThat(objective.prepare(TEXTS, TEXTS, RandomStream.seeded(4))).isNotEqualTo(once);
        assertThat(once).allMatch(record -> record.require("question").endsWith(" Answer:"));
    }

    @Test
    void choicesAreAnsweredWithLetters() {
        Objective objective = pretraining(Map.of("form", "multiple_choice", "candidates", 3));
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Example example = objective
                    .encode(
                            objective
                                    .prepare(TEXTS, TEXTS, RandomStream.seeded(3))
                                    .get(0),
                            context(model, 99))
                    .orElseThrow();

            assertThat(example.values())
                    .containsKeys("word/0", "word/1", "word/2")
                    .doesNotContainKey("word/3");
            assertThat(example.values()).containsEntry("word/2", (double) id("C"));
        }
    }

    @Test
    void singleSentencesLearnWhatTheBareBaseAnswersWhereItIsConfident() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench);
                Scope scope = bench.tensors().scope()) {
            AttachedAdapter prompt = PROMPTS.attach(model, Map.of("num_virtual_tokens", 2));
            ModelRunner runner = new ModelRunner(model, RowAssignment.all(List.of(prompt)), PassOptions.inference());
            double[] weights = new double[3];
            double[] confidences = {0, 0.5001, 1};
            for (int i = 0; i < 3; i++) {
                Objective objective = pretraining(Map.of(
                        "form",
                        "single_sentence",
                        "label_words",
                        List.of("bad", "good"),
                        "confidence",
                        confidences[i]));
                List<Example> examples = new ArrayList<>();
                for (DataRecord question : objective.prepare(TEXTS, TEXTS, RandomStream.seeded(3))) {
                    examples.add(objective.encode(question, context(model, 99)).orElseThrow());
                }
                Batch batch = batch(bench, examples);
                weights[i] = objective.loss(runner, batch).weight();
                ModelRunner bare = new ModelRunner(model, RowAssignment.base(), PassOptions.inference());
                Evaluator evaluator = objective.evaluator();
                evaluator.add(bare, batch);
                if (weights[i] > 0) {
                    assertThat(evaluator.figures()).containsEntry("accuracy", 1.0);
                }
            }
            assertThat(weights[0]).isEqualTo(3);
            assertThat(weights[1]).isLessThanOrEqualTo(3);
            assertThat(weights[2]).isZero();
            prompt.release();
        }
    }

    @Test
    void mistakesGiveOneSentence() {
        assertRefused(() -> pretraining(Map.of()), "form");
        assertRefused(() -> pretraining(Map.of("form", "riddle")), "form");
        assertRefused(
                () -> pretraining(Map.of("form", "sentence_pair", "label_words", List.of("no", "yes"))), "need three");
        assertRefused(
                () -> pretraining(Map.of("form", "multiple_choice", "label_words", List.of("no", "yes"))), "letters");
        assertRefused(() -> pretraining(Map.of("form", "single_sentence")), "needs label_words");
        assertRefused(
                () -> pretraining(Map.of("form", "sentence_pair", "pattern", "{first} {third}")),
                "holds the parts [first, third] where [first, second] are expected");
        assertRefused(() -> tuning(Map.of("label_words", Map.of("joy", "good"))), "at least two");
        Objective pairs = pretraining(Map.of("form", "sentence_pair"));
        List<DataRecord> single = List.of(record("text", "One."));
        assertRefused(() -> pairs.prepare(single, single, RandomStream.seeded(1)), "no text of the data has two");
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            EncodeContext context = context(model, 99);
            assertRefused(
                    () -> tuning(TASK).encode(record("text", "x", "label", "fear"), context),
                    "holds 'fear', which has no label word");
            Objective same = tuning(Map.of("label_words", Map.of("joy", "so good", "anger", "so bad")));
            assertRefused(
                    () -> same.encode(record("text", "x", "label", "joy"), context), "begin with the same token 'so'");
        }
    }

    private static void assertRefused(ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    private int id(String word) {
        return tokenizer.id(word).orElseThrow();
    }

    private static long[] ids(Example example) {
        long[] ids = new long[example.tokens()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = example.sequences().get(0).ids()[i];
        }
        return ids;
    }

    private static Batch batch(Bench bench, List<Example> examples) {
        int longest = examples.stream().mapToInt(Example::tokens).max().orElseThrow();
        long[][] ids = new long[examples.size()][longest];
        long[][] mask = new long[examples.size()][longest];
        for (int row = 0; row < ids.length; row++) {
            long[] own = ids(examples.get(row));
            System.arraycopy(own, 0, ids[row], 0, own.length);
            Arrays.fill(mask[row], 0, own.length, 1);
        }
        return new Batch(bench.input(ids, mask), null, examples);
    }

    private static long[][] ones(int length) {
        long[][] mask = new long[1][length];
        Arrays.fill(mask[0], 1);
        return mask;
    }
}
