package dev.graft.methods.hardprompt;

import static dev.graft.methods.hardprompt.Examples.assertRefused;
import static dev.graft.methods.hardprompt.Examples.context;
import static dev.graft.methods.hardprompt.Examples.keys;
import static dev.graft.methods.hardprompt.Examples.objective;
import static dev.graft.methods.hardprompt.Examples.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static final DataRecord DAY = record(1, "text", "what a day", "label", "joy");
    private static final String SHOWN = "{demonstrations}{text} . so {mask}";

    private final FramedWords causal = new FramedWords(false);
    private final FramedWords masked = new FramedWords(true);

    private static String read(FramedWords tokenizer, Objective objective, DataRecord record, int maxLength) {
        Example example =
                objective.encode(record, context(tokenizer, maxLength)).orElseThrow();
        return tokenizer.decode(example.sequences().get(0).ids(), false);
    }

    @Test
    void aCausalPromptEndsWhereTheLabelWordBegins() {
        Example example = objective(keys("review: {text} it is {mask} "))
                .encode(DAY, context(causal, 99))
                .orElseThrow();

        assertThat(causal.decode(example.sequences().get(0).ids(), false)).isEqualTo("[B] review : what a day it is");
        assertThat(example.values()).containsEntry("place", 7.0).containsEntry("label", 1.0);
    }

    @Test
    void aMaskedPromptHoldsTheMaskAndAllSpecialTokens() {
        Example example = objective(keys("it was {mask}. {text}", "task", "MASKED_LM"))
                .encode(DAY, context(masked, 99))
                .orElseThrow();

        assertThat(masked.decode(example.sequences().get(0).ids(), false)).isEqualTo("[B] it was [M] . what a day [E]");
        assertThat(example.values()).containsEntry("place", 3.0);
    }

    @Test
    void doubledBracesAreTextAndNumbersAreValues() {
        DataRecord stars = new DataRecord(Map.of("stars", 4, "label", "joy"), "data.jsonl:1");

        assertThat(read(causal, objective(keys("{{x}} {stars} {mask}")), stars, 99))
                .isEqualTo("[B] { x } 4");
    }

    @Test
    void softPlacesAreAsManyTokensAsTheirInitialText() {
        Objective objective = objective(keys("{soft}{soft:it was so} {text} {soft} {mask}", "soft_token", "[S]"));

        assertThat(read(causal, objective, DAY, 99)).isEqualTo("[B] [S] [S] [S] [S] what a day [S]");
    }

    @Test
    void demonstrationsComeInFrontWithTheirAnswersAndReasoning() {
        List<DataRecord> training = List.of(
                record(2, "text", "hm", "label", "joy", "reasoning", "since sun"),
                record(3, "text", "no", "label", "anger", "reasoning", "since rain"));
        Objective objective = objective(keys(
                "{demonstrations}{text} so {mask}",
                "demonstrations",
                2,
                "demonstration_template",
                "{text} : {reasoning} so {mask} !"));
        DataRecord asked = objective
                .prepare(List.of(DAY), training, RandomStream.seeded(1))
                .get(0);

        assertThat(read(causal, objective, asked, 99))
                .isIn(
                        "[B] hm : since sun so good ! no : since rain so bad ! what a day so",
                        "[B] no : since rain so bad ! hm : since sun so good ! what a day so");
    }

    @Test
    void withoutATemplateOfTheirOwnDemonstrationsLookLikeTheQuestion() {
        List<DataRecord> training =
                List.of(record(2, "text", "hm", "label", "joy"), record(3, "text", "no", "label", "anger"));
        Objective objective = objective(keys(SHOWN, "demonstrations", 2));
        DataRecord asked = objective
                .prepare(List.of(DAY), training, RandomStream.seeded(1))
                .get(0);

        assertThat(read(causal, objective, asked, 99)).contains("hm . so good", "no . so bad");
        assertThat(read(causal, objective, DAY, 99)).isEqualTo("[B] what a day . so");
    }

    private static List<DataRecord> many() {
        List<DataRecord> records = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            records.add(record(i, "text", "t" + i, "label", i % 3 == 0 ? "joy" : "anger"));
        }
        return records;
    }

    @Test
    void demonstrationsAreBalancedReproducibleAndNeverTheRecordItself() {
        Objective objective = objective(keys(SHOWN, "demonstrations", 5));
        List<DataRecord> once = objective.prepare(many(), many(), RandomStream.seeded(3));

        assertThat(objective.prepare(many(), many(), RandomStream.seeded(3))).isEqualTo(once);
        assertThat(objective.prepare(many(), many(), RandomStream.seeded(4))).isNotEqualTo(once);
        for (DataRecord record : once) {
            List<DataRecord> shown = Demonstrations.of(record);
            long joys = shown.stream()
                    .filter(other -> other.require("label").equals("joy"))
                    .count();
            assertThat(shown).hasSize(5).doesNotHaveDuplicates();
            assertThat(joys).isBetween(2L, 3L);
            assertThat(shown).extracting(DataRecord::source).doesNotContain(record.source());
        }
    }

    @Test
    void whatIsTooLongLosesDemonstrationsFirstAndThenTheEndOfTheLongestValue() {
        List<DataRecord> training =
                List.of(record(2, "text", "hm", "label", "joy"), record(3, "text", "no", "label", "anger"));
        Objective objective = objective(keys(SHOWN, "demonstrations", 2));
        DataRecord asked = objective
                .prepare(List.of(DAY), training, RandomStream.seeded(1))
                .get(0);

        assertThat(read(causal, objective, asked, 10)).matches("\\[B\\] (hm . so good|no . so bad) what a day . so");
        assertThat(read(causal, objective, asked, 6)).isEqualTo("[B] what a day . so");
        assertThat(read(causal, objective, asked, 4)).isEqualTo("[B] what . so");
        assertRefused(() -> read(causal, objective, asked, 2), "the prompt makes 3 tokens besides");
    }

    @Test
    void templatesThatDoNotFitAreRefused() {
        assertRefused(() -> objective(keys("{text")), "a brace without its other half at character 1");
        assertRefused(() -> objective(keys("{text} } {mask}")), "at character 8");
        assertRefused(() -> objective(keys("{} {mask}")), "the place '{}'");
        assertRefused(() -> objective(keys("{soft:} {mask}")), "without a text to begin from");
        assertRefused(() -> objective(keys("{text:x} {mask}")), "the place '{text:x}'");
        assertRefused(() -> objective(keys("{text}")), "holds {mask} 0 times");
        assertRefused(() -> objective(keys("{mask} {text}")), "goes on behind {mask}");
        assertRefused(() -> objective(keys("{label} {mask}")), "gives the answer away");
        assertRefused(() -> objective(keys("{soft} {mask}")), "objective.soft_token must name");
        assertRefused(() -> objective(keys("{text} {mask}", "demonstrations", 1)), "does not hold {demonstrations}");
        assertRefused(
                () -> objective(keys(SHOWN, "demonstrations", 1, "demonstration_template", "{text}")),
                "holds no {mask}");
        assertRefused(
                () -> objective(
                        keys("{soft} {demonstrations} {soft} {mask}", "demonstrations", 1, "soft_token", "[S]")),
                "amid its {soft} places");
        assertRefused(
                () -> objective(keys(
                        "{soft} {demonstrations} {mask}",
                        "demonstrations",
                        1,
                        "soft_token",
                        "[S]",
                        "demonstration_template",
                        "{soft}{soft} {mask}")),
                "other {soft} places");
    }

    @Test
    void wordsThatCannotServeAreRefused() {
        assertRefused(() -> objective(keys("{mask}", "verbalizer", Map.of("a", List.of("x")))), "at least two");
        assertRefused(
                () -> objective(keys("{mask}", "verbalizer", Map.of("a", List.of("x"), "b", List.of()))),
                "gives the label 'b' the words []");
        assertRefused(
                () -> objective(keys("{mask}", "verbalizer", Map.of("a", List.of("x"), "b", List.of("x")))),
                "gives the word 'x' to the label 'a' and again to 'b'");
        assertRefused(
                () -> read(masked, words("so good", "bad", "MASKED_LM"), DAY, 99),
                "the word 'so good' of label 'joy' is 2 tokens, [so, good], where a masked language model fills in one");
        assertRefused(
                () -> read(causal, words("unheard", "bad", "CAUSAL_LM"), DAY, 99), "not in the model's vocabulary");
        assertRefused(() -> read(causal, words("good  day", "good day", "CAUSAL_LM"), DAY, 99), "the same tokens as");
        assertRefused(() -> read(causal, words("good", "bad", "MASKED_LM"), DAY, 99), "has no mask token");
    }

    private static Objective words(String joy, String anger, String task) {
        return objective(keys(
                "{text} {mask}", "task", task, "verbalizer", Map.of("joy", List.of(joy), "anger", List.of(anger))));
    }

    @Test
    void recordsThatDoNotFitAreRefused() {
        Objective plain = objective(keys("{text} {mask}"));
        assertRefused(
                () -> read(causal, plain, record(7, "text", "x", "label", "fear"), 99),
                "data.jsonl:7: column 'label' holds 'fear', which has no words; objective.verbalizer has [anger, joy]");
        assertRefused(() -> read(causal, plain, record(7, "text", "x"), 99), "column 'label' is missing");
        assertRefused(() -> read(causal, plain, record(7, "label", "joy"), 99), "column 'text' is missing");
        Objective few = objective(keys(SHOWN, "demonstrations", 4));
        List<DataRecord> training = List.of(DAY, record(2, "text", "hm", "label", "joy"));
        assertRefused(() -> few.prepare(training, training, RandomStream.seeded(1)), "but the training data has ");
        Objective soft = objective(keys("{soft} {mask}", "soft_token", "[Q]"));
        assertRefused(() -> read(causal, soft, DAY, 99), "objective.soft_token '[Q]' is not in the vocabulary");
    }
}
