package dev.graft.methods.hardprompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.AdapterChecks;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.RowMixes;
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
    /** The rows of {@link AdapterChecks#TOKENS} both hold it. */
    private static final int PLACE = 30;

    private static final AdapterChecks<HardPromptConfig> CHECKS =
            new AdapterChecks<>(new HardPromptProvider(), tokenizer());
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
                AttachedAdapter adapter = CHECKS.attach(model, keys(2, "{soft:two words} {mask}"));
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
            AttachedAdapter adapter = CHECKS.attach(model, KEYS);
            Tokens words = Tokens.of(new long[] {5, 11, 7});

            assertThat(Runs.logits(bench, model, words, adapter)).isEqualTo(Runs.logits(bench, model, words));
            adapter.release();
        }
    }

    @Test
    void gradientsEqualDifferences() {
        Map<String, Object> one = keys(1, "{soft} {mask}");
        CHECKS.gradientsEqualDifferences(SmallModel.llama(), one, directory.resolve("llama"));
        CHECKS.gradientsEqualDifferences(SmallModel.bertMasked(), one, directory.resolve("bert"));
    }

    @Test
    void aSavedAdapterFindsItsPlacesWithoutATokenizerAndLearnsOn() {
        CHECKS.savedComputesTheSame(SmallModel.llama(), KEYS, directory.resolve("llama"));
        CHECKS.savedComputesTheSame(SmallModel.bertMasked(), KEYS, directory.resolve("bert"));
        CHECKS.trainingGoesOn(SmallModel.llama(), KEYS, directory.resolve("on"));
        CHECKS.theBaseStaysAndNothingIsLeft(SmallModel.gpt2(), KEYS);
    }

    @Test
    void theFormulaGivesTheNumberOfTrainableElements() {
        CHECKS.theFormulaCounts(SmallModel.llama(), KEYS);
        CHECKS.theFormulaCounts(SmallModel.bertMasked(), keys(1, "{soft} {mask}"));
    }

    @Test
    void aPromptCannotBeMerged() {
        CHECKS.mergingIsRefused(SmallModel.llama(), KEYS, "a prompt cannot be merged");
    }

    @Test
    void rowsOfABatchGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter first = CHECKS.attachMoved(bench, model, KEYS);
            AttachedAdapter second = CHECKS.attachMoved(bench, model, keys(1, "{soft} {mask}"));
            RowMixes mix = new RowMixes(
                    bench,
                    model,
                    List.of(List.of(first), List.of(), List.of(second), List.of(first)),
                    withPlaces(RowMixes.randomRows(4, 3)),
                    within(3e-5f));
            mix.rowsAreAsAlone();
            mix.rowsOfCachedStepsAreAsAlone();
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
            AttachedAdapter adapter = CHECKS.attach(model, KEYS);
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
        CHECKS.keysAreRefused(small, keys(2, "{soft} {mask}"), "make 1 tokens, but num_virtual_tokens is 2");
        CHECKS.keysAreRefused(small, keys(1, "{soft {mask}"), "the place '{soft {mask}'");
        CHECKS.keysAreRefused(small, Map.of("num_virtual_tokens", 1), "template");
        CHECKS.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "template", "{soft} {mask}", "soft_token", "<q>"),
                "'<q>' is not in the vocabulary");
        CHECKS.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "template", "{soft} {mask}", "soft_token", "<pad>"),
                "'<pad>' is the token that pads");
        CHECKS.keysAreRefused(
                SmallModel.bertClassifier(), keys(1, "{soft} {mask}"), "answered by causal or masked language models");
        new AdapterChecks<>(new HardPromptProvider())
                .keysAreRefused(small, keys(1, "{soft} {mask}"), "needs a tokenizer");
    }
}
