package dev.graft.kernel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.DataSection.EvalFrom;
import dev.graft.kernel.recipe.DataSection.Overlong;
import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLoaderTest {
    private static final int VOCABULARY = 200;
    private final Objective objective = mock();
    private final Tokenizer tokenizer = mock();

    @TempDir
    private Path folder;

    /** An objective that makes a token of every character and has nothing to learn from an empty text. */
    @BeforeEach
    void describeTheObjective() {
        when(objective.task()).thenReturn(Task.CAUSAL_LM);
        when(objective.packable()).thenReturn(true);
        when(objective.prepare(any(), any(), any())).thenCallRealMethod();
        when(objective.encode(any(), any())).thenAnswer(call -> {
            int[] ids = call.getArgument(0, DataRecord.class)
                    .require("text")
                    .chars()
                    .toArray();
            return ids.length == 0
                    ? Optional.empty()
                    : Optional.of(new Example(List.of(Sequence.of(ids, ids)), Map.of()));
        });
        when(tokenizer.special(anyString())).thenReturn(Optional.empty());
    }

    @Test
    void recordsBecomeExamplesInTheOrderOfTheFile() throws IOException {
        DataSets sets = load(section(texts("ab", "cde", "f"), 0, EvalFrom.END, Overlong.TRUNCATE, 8));

        assertThat(sets.train()).extracting(Example::tokens).containsExactly(2, 3, 1);
        assertThat(sets.eval()).isEmpty();
        assertThat(sets.labels()).isEmpty();
        assertThat(sets.notes()).isEmpty();
    }

    @Test
    void theEvaluationShareIsDrawnByTheSeedOrTakenFromTheEnd() throws IOException {
        String records = IntStream.range(1, 101)
                .mapToObj("x"::repeat)
                .map(DataLoaderTest::text)
                .collect(Collectors.joining());
        DataSets random = load(section(records, 0.1, EvalFrom.RANDOM, Overlong.ERROR, 200));
        DataSets again = load(section(records, 0.1, EvalFrom.RANDOM, Overlong.ERROR, 200));
        DataSets end = load(section(records, 0.1, EvalFrom.END, Overlong.ERROR, 200));

        assertThat(lengths(random.eval())).hasSize(10).isEqualTo(lengths(again.eval()));
        assertThat(lengths(random.train())).hasSize(90).doesNotContainAnyElementsOf(lengths(random.eval()));
        assertThat(lengths(end.eval())).containsExactly(91, 92, 93, 94, 95, 96, 97, 98, 99, 100);
    }

    @Test
    void aSingleTextIsCutInTwoWhereItsEndIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("long.txt"), "abcdefghij");
        DataSets sets = load(section(file, 0.2, EvalFrom.END, Overlong.SPLIT, 3));

        assertThat(sets.train()).extracting(Example::tokens).containsExactly(3, 3, 2);
        assertThat(sets.eval()).extracting(Example::tokens).containsExactly(2);
        assertThat(sets.notes()).containsExactly("1 of 1 training records were split into sequences of 3 tokens");
        assertThatThrownBy(() -> load(section(file, 0.2, EvalFrom.RANDOM, Overlong.SPLIT, 3)))
                .hasMessageContaining("data.eval_from: end");
    }

    @Test
    void whatIsTooLongIsCutSplitDroppedOrRefused() throws IOException {
        String records = texts("abcde", "ab");

        assertThat(lengths(load(section(records, 0, EvalFrom.END, Overlong.TRUNCATE, 3))
                        .train()))
                .containsExactly(3, 2);
        assertThat(lengths(load(section(records, 0, EvalFrom.END, Overlong.SPLIT, 3))
                        .train()))
                .containsExactly(3, 2, 2);
        assertThat(load(section(records, 0, EvalFrom.END, Overlong.DROP, 3)).notes())
                .containsExactly("1 of 2 training records were dropped for being longer than 3 tokens");
        assertThatThrownBy(() -> load(section(records, 0, EvalFrom.END, Overlong.ERROR, 3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(":1: the record makes 5 tokens, more than data.max_length = 3");
    }

    @Test
    void recordsWithNothingToLearnFromAreCounted() throws IOException {
        assertThat(load(section(texts("", "ab", ""), 0, EvalFrom.END, Overlong.TRUNCATE, 8))
                        .notes())
                .containsExactly("2 of 3 training records hold nothing to learn from and were skipped");
        assertRefused(
                section(texts("", ""), 0, EvalFrom.END, Overlong.TRUNCATE, 8), "nothing is left to train on: 2 of 2");
        assertRefused(section("", 0, EvalFrom.END, Overlong.TRUNCATE, 8), "the data set is empty");
    }

    @Test
    void sequencesTheModelCannotTakeAreRefused() throws IOException {
        assertRefused(
                section(texts("x".repeat(120)), 0, EvalFrom.END, Overlong.TRUNCATE, 150),
                ":1: the record makes 120 tokens, more than the 100 positions of the model");
        assertRefused(
                section(texts("\u00ff"), 0, EvalFrom.END, Overlong.TRUNCATE, 8),
                ":1: token id 255 is outside the model's vocabulary of 200");
    }

    @Test
    void classesAreThoseOfTheDataSorted() throws IOException {
        when(objective.task()).thenReturn(Task.SEQ_CLS);
        Path names = write("{\"text\": \"a\", \"label\": \"pos\"}\n{\"text\": \"b\", \"label\": \"neg\"}\n");
        assertThat(load(section(names, 0, EvalFrom.END, Overlong.TRUNCATE, 8)).labels())
                .containsExactly("neg", "pos");

        Path numbers = write("{\"text\": \"a\", \"label\": 3}\n{\"text\": \"b\", \"label\": \"10\"}\n");
        assertThat(load(section(numbers, 0, EvalFrom.END, Overlong.TRUNCATE, 8)).labels())
                .hasSize(11)
                .startsWith("0", "1")
                .endsWith("10");

        Path wrong = write("{\"text\": \"a\", \"label\": [1]}\n");
        assertRefused(section(wrong, 0, EvalFrom.END, Overlong.TRUNCATE, 8), ":1: the label is [1]");
    }

    @Test
    void theIdToPadWithIsOneTheModelKnows() {
        assertThat(DataLoader.padToken(tokenizer, model(-1))).isZero();
        assertThat(DataLoader.padToken(tokenizer, model(7))).isEqualTo(7);
        when(tokenizer.special("eos_token")).thenReturn(Optional.of(2));
        assertThat(DataLoader.padToken(tokenizer, model(-1))).isEqualTo(2);
        when(tokenizer.special("pad_token")).thenReturn(Optional.of(3));
        assertThat(DataLoader.padToken(tokenizer, model(7))).isEqualTo(3);
        when(tokenizer.special("pad_token")).thenReturn(Optional.of(VOCABULARY));
        assertThat(DataLoader.padToken(tokenizer, model(7))).isEqualTo(7);
    }

    private void assertRefused(DataSection section, String reason) {
        assertThatThrownBy(() -> load(section))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(reason);
    }

    private DataSets load(DataSection section) {
        return DataLoader.load(section, 42, objective, tokenizer, model(-1));
    }

    private static ModelDescription model(int padToken) {
        return new ModelDescription(
                "llama", "LlamaForCausalLM", Task.CAUSAL_LM, 1, 8, 1, 1, 8, VOCABULARY, 100, 0, padToken);
    }

    private DataSection section(String records, double fraction, EvalFrom from, Overlong overlong, int length)
            throws IOException {
        return section(write(records), fraction, from, overlong, length);
    }

    private static DataSection section(Path file, double fraction, EvalFrom from, Overlong overlong, int length) {
        return new DataSection(
                Choice.of(file.toString()),
                null,
                fraction,
                from,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                length,
                overlong,
                false,
                4,
                null,
                1,
                true,
                null);
    }

    private Path write(String records) throws IOException {
        return Files.writeString(folder.resolve("data.jsonl"), records);
    }

    private static String texts(String... texts) {
        return List.of(texts).stream().map(DataLoaderTest::text).collect(Collectors.joining());
    }

    private static String text(String text) {
        return "{\"text\": \"" + text + "\"}\n";
    }

    private static List<Integer> lengths(List<Example> examples) {
        return examples.stream().map(Example::tokens).toList();
    }
}
