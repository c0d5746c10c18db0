package dev.graft.methods.hardprompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class HardPromptTest {
    /** The rows that every method is checked with both hold it. */
    private static final int PLACE = 30;

    private static final MethodUnderTest<HardPromptConfig> HARD_PROMPT =
            new MethodUnderTest<>(new HardPromptProvider(), tokenizer());
    private static final Map<String, Object> KEYS = keys(3, "{soft}{soft:two words} {text} {mask}");

    @TempDir
    private Path directory;

    private static Tokenizer tokenizer() {
        Tokenizer tokenizer = Mockito.mock(Tokenizer.class);
        Mockito.when(tokenizer.id("<s>")).thenReturn(Optional.of(PLACE));
        Mockito.when(tokenizer.id("<pad>")).thenReturn(Optional.of(0));
        Mockito.when(tokenizer.special("pad_token")).thenReturn(Optional.of(0));
        Mockito.when(tokenizer.encode("two words", false))
                .thenReturn(new Tokenizer.Encoding(new int[] {11, 12}, new int[] {0, 4}, new int[] {3, 9}));
        return tokenizer;
    }

    private static Map<String, Object> keys(int tokens, String template) {
        return Map.of("num_virtual_tokens", tokens, "template", template, "soft_token", "<s>");
    }

    @Test
    void tokensWithAnInitialTextComputeWhatTheTextDoes() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.gpt2(), SmallModel.bertMasked())) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench)) {
                AttachedAdapter adapter = HARD_PROMPT.attach(model, keys(2, "{soft:two words} {mask}"));
                Tokens template = Tokens.of(new long[] {5, PLACE, 7, PLACE, 9, PLACE});
                Tokens words = Tokens.of(new long[] {5, 11, 7, 12, 9, 11});

                assertThat(Runs.logits(bench, model, template, adapter)).isEqualTo(Runs.logits(bench, model, words));
                adapter.release();
            }
        }
    }

    @Test
    void aTextWithoutPlacesIsLeftAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = HARD_PROMPT.attach(model, KEYS);
            Tokens words = Tokens.of(new long[] {5, 11, 7});

            assertThat(Runs.logits(bench, model, words, adapter)).isEqualTo(Runs.logits(bench, model, words));
            adapter.release();
        }
    }

    @Test
    void gradientsEqualDifferences() {
        Map<String, Object> one = keys(1, "{soft} {mask}");
        HARD_PROMPT.checks(SmallModel.llama(), one).gradientsEqualDifferences(directory.resolve("llama"));
        HARD_PROMPT.checks(SmallModel.bertMasked(), one).gradientsEqualDifferences(directory.resolve("bert"));
    }

    @Test
    void aSavedAdapterFindsItsPlacesWithoutATokenizerAndLearnsOn() {
        HARD_PROMPT.checks(SmallModel.llama(), KEYS).savedComputesTheSame(directory.resolve("llama"));
        HARD_PROMPT.checks(SmallModel.bertMasked(), KEYS).savedComputesTheSame(directory.resolve("bert"));
        HARD_PROMPT.checks(SmallModel.llama(), KEYS).trainingGoesOnAfterLoading(directory.resolve("on"));
        HARD_PROMPT.checks(SmallModel.gpt2(), KEYS).theBaseStaysAsItWas(directory.resolve("base"));
        HARD_PROMPT.checks(SmallModel.gpt2(), KEYS).aReleasedAdapterLeavesNothing(directory.resolve("nothing"));
    }

    @Test
    void theFormulaGivesTheNumberOfTrainableElements() {
        HARD_PROMPT.checks(SmallModel.llama(), KEYS).learnsWhatTheFormulaSays(directory.resolve("llama"));
        HARD_PROMPT
                .checks(SmallModel.bertMasked(), keys(1, "{soft} {mask}"))
                .learnsWhatTheFormulaSays(directory.resolve("bert"));
    }

    @Test
    void aPromptCannotBeMerged() {
        HARD_PROMPT
                .checks(SmallModel.llama(), KEYS)
                .refusingToMerge("a prompt cannot be merged")
                .mergedEqualsAttachedOrIsRefused(directory);
    }

    @Test
    void rowsOfABatchGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter first = HARD_PROMPT.attachMoved(bench, model, KEYS);
            AttachedAdapter second = HARD_PROMPT.attachMoved(bench, model, keys(1, "{soft} {mask}"));
            List<List<AttachedAdapter>> byRow = List.of(List.of(first), List.of(), List.of(second), List.of(first));
            new MixedRows(byRow, withPlaces(MixedRows.randomTokens(4, 3))).giveWhatTheyGiveAlone(bench, model);
            first.release();
            second.release();
        }
    }

    /** Places at the beginning of rows, since steps of a cached pass count places from their own. */
    private static Tokens withPlaces(Tokens tokens) {
        long[][] ids = Arrays.stream(tokens.ids()).map(long[]::clone).toArray(long[][]::new);
        for (long[] row : ids) {
            for (int slot = 1; slot < row.length; slot++) {
                row[slot] = row[slot] == PLACE ? 1 : row[slot];
            }
            row[0] = PLACE;
        }
        return new Tokens(ids, tokens.mask());
    }

    @Test
    void theFilesHaveATypeOfTheirOwn() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = HARD_PROMPT.attach(model, KEYS);
            new AdapterLoader(bench.registry()).save(directory.resolve("a"), "base", model, List.of(adapter));

            assertThat(JsonFile.read(directory.resolve("a/adapter_config.json")))
                    .containsEntry("peft_type", "GRAFT_HARD_PROMPT")
                    .containsEntry("num_virtual_tokens", 3)
                    .containsEntry("template", "{soft}{soft:two words} {text} {mask}")
                    .containsEntry("soft_token", "<s>");
            adapter.release();
        }
    }

    @Test
    void mistakesInARecipeGiveOneSentence() {
        SmallModel small = SmallModel.llama();
        HARD_PROMPT.keysAreRefused(small, keys(2, "{soft} {mask}"), "make 1 tokens, but num_virtual_tokens is 2");
        HARD_PROMPT.keysAreRefused(small, keys(1, "{soft {mask}"), "the place '{soft {mask}'");
        HARD_PROMPT.keysAreRefused(small, Map.of("num_virtual_tokens", 1), "template");
        HARD_PROMPT.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "template", "{soft} {mask}", "soft_token", "<q>"),
                "'<q>' is not in the vocabulary");
        HARD_PROMPT.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "template", "{soft} {mask}", "soft_token", "<pad>"),
                "'<pad>' is the token that pads");
        HARD_PROMPT.keysAreRefused(
                SmallModel.bertClassifier(), keys(1, "{soft} {mask}"), "answered by causal or masked language models");
        new MethodUnderTest<>(new HardPromptProvider())
                .keysAreRefused(small, keys(1, "{soft} {mask}"), "needs a tokenizer");
    }
}
