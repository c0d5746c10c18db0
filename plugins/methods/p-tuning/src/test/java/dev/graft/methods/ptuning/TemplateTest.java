package dev.graft.methods.ptuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.AdapterChecks;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.RowMixes;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class TemplateTest {
    private static final int PSEUDO = 30;
    private static final int WIDTH = 16;
    private static final AdapterChecks<PTuningConfig> CHECKS = new AdapterChecks<>(new PTuningProvider(), tokenizer());
    private static final Map<String, Object> KEYS =
            Map.of("num_virtual_tokens", 2, "pseudo_token", "<p>", "encoder_hidden_size", 6);

    @TempDir
    private Path directory;

    private static Tokenizer tokenizer() {
        Tokenizer tokenizer = Mockito.mock(Tokenizer.class);
        Mockito.when(tokenizer.id("<p>")).thenReturn(Optional.of(PSEUDO));
        Mockito.when(tokenizer.id("<pad>")).thenReturn(Optional.of(0));
        Mockito.when(tokenizer.id("<beyond>")).thenReturn(Optional.of(SmallModel.VOCABULARY));
        return tokenizer;
    }

    @Test
    void virtualTokensStandInForPseudoTokensInOrder() {
        assertReads(
                new long[] {5, PSEUDO, 7, PSEUDO, PSEUDO, 9}, new long[] {11, 12, 13}, new long[] {5, 11, 7, 12, 13, 9
                });
    }

    @Test
    void afterTheLastVirtualTokenTheFirstComesAgain() {
        assertReads(
                new long[] {PSEUDO, 7, PSEUDO, PSEUDO, 9, PSEUDO}, new long[] {11, 12}, new long[] {11, 7, 12, 11, 9, 12
                });
    }

    @Test
    void anInputWithoutPseudoTokensIsLeftAlone() {
        assertReads(new long[] {5, 7, 9}, new long[] {11, 12}, new long[] {5, 7, 9});
    }

    /** With the embeddings of words as virtual tokens, a template computes what the bare base does with these words. */
    private static void assertReads(long[] template, long[] virtual, long[] words) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = wordsAsVirtualTokens(bench, model, virtual);
            assertThat(Runs.logits(bench, model, Tokens.of(template), adapter))
                    .isEqualTo(Runs.logits(bench, model, Tokens.of(words)));
            adapter.release();
        }
    }

    private static AttachedAdapter wordsAsVirtualTokens(Bench bench, LoadedModel model, long[] words) {
        float[] table =
                model.weightsByName().get("model.embed_tokens.weight").tensor().floats();
        float[] vectors = new float[words.length * WIDTH];
        for (int i = 0; i < words.length; i++) {
            System.arraycopy(table, (int) words[i] * WIDTH, vectors, i * WIDTH, WIDTH);
        }
        Map<String, Array> stored = new LinkedHashMap<>();
        stored.put("prompt_embeddings", bench.engine().of(vectors, Shape.of(words.length, WIDTH)));
        stored.put("pseudo_token_id", bench.engine().of(new long[] {PSEUDO}, Shape.of(1)));
        PTuningConfig config = CHECKS.bind(Map.of("num_virtual_tokens", words.length, "pseudo_token", "<p>"));
        try {
            return AdapterBuilder.attach(
                    model, new PTuningProvider(), config, AdapterBuilder.Setting.stored("p", stored, "a file"));
        } finally {
            stored.values().forEach(Array::close);
        }
    }

    @Test
    void gradientsReachTheEncoderThroughTheTemplate() {
        CHECKS.gradientsEqualDifferences(SmallModel.llama(), KEYS, directory.resolve("model"));
    }

    @Test
    void aSavedTemplateFindsItsPseudoTokenWithoutATokenizerAndLearnsOn() {
        CHECKS.savedComputesTheSame(SmallModel.llama(), KEYS, directory.resolve("same"));
        CHECKS.trainingGoesOn(SmallModel.bertClassifier(), KEYS, directory.resolve("on"));
        CHECKS.theBaseStaysAndNothingIsLeft(SmallModel.gpt2(), KEYS);
    }

    @Test
    void rowsWithTemplatesFrontTokensAndNothingGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter template = CHECKS.attachMoved(bench, model, KEYS);
            AttachedAdapter front = CHECKS.attachMoved(bench, model, Map.of("num_virtual_tokens", 3));
            Tokens rows = withPseudoTokens(RowMixes.randomRows(4, 3));
            RowMixes mix = new RowMixes(
                    bench,
                    model,
                    List.of(List.of(template), List.of(front), List.of(), List.of(front, template)),
                    rows,
                    within(3e-5f));
            mix.rowsAreAsAlone();
            mix.rowsOfCachedStepsAreAsAlone();
            template.release();
            front.release();
        }
    }

    private static Tokens withPseudoTokens(Tokens tokens) {
        long[][] ids = Arrays.stream(tokens.ids()).map(long[]::clone).toArray(long[][]::new);
        for (long[] row : ids) {
            for (int slot = 1; slot < row.length; slot++) {
                row[slot] = row[slot] == PSEUDO ? 1 : row[slot];
            }
            row[0] = PSEUDO;
        }
        return new Tokens(ids, tokens.mask());
    }

    @Test
    void aPseudoTokenThatCannotServeIsRefused() {
        SmallModel small = SmallModel.llama().with(Map.of("pad_token_id", 0));
        CHECKS.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<q>"), "'<q>' is not in the vocabulary");
        CHECKS.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<beyond>"), "is not in the vocabulary");
        CHECKS.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<pad>"), "'<pad>' is the token that pads");
        new AdapterChecks<>(new PTuningProvider())
                .keysAreRefused(small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<p>"), "needs a tokenizer");
    }
}
