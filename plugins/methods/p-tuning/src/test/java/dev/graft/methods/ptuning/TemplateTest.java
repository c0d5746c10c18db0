package dev.graft.methods.ptuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.MixedRows;
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
    private static final MethodUnderTest<PTuningConfig> TEMPLATE =
            new MethodUnderTest<>(new PTuningProvider(), tokenizer());
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
        PTuningConfig config = TEMPLATE.bind(Map.of("num_virtual_tokens", words.length, "pseudo_token", "<p>"));
        try {
            return AdapterBuilder.attach(
                    model, new PTuningProvider(), config, AdapterBuilder.Setting.stored("p", stored, "a file"));
        } finally {
            stored.values().forEach(Array::close);
        }
    }

    @Test
    void gradientsReachTheEncoderThroughTheTemplate() {
        TEMPLATE.checks(SmallModel.llama(), KEYS).gradientsEqualDifferences(directory);
    }

    @Test
    void aSavedTemplateFindsItsPseudoTokenWithoutATokenizerAndLearnsOn() {
        TEMPLATE.checks(SmallModel.llama(), KEYS).savedComputesTheSame(directory.resolve("same"));
        TEMPLATE.checks(SmallModel.bertClassifier(), KEYS).trainingGoesOnAfterLoading(directory.resolve("on"));
        TEMPLATE.checks(SmallModel.gpt2(), KEYS).theBaseStaysAsItWas(directory.resolve("base"));
        TEMPLATE.checks(SmallModel.gpt2(), KEYS).aReleasedAdapterLeavesNothing(directory.resolve("nothing"));
    }

    @Test
    void rowsWithTemplatesFrontTokensAndNothingGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter template = TEMPLATE.attachMoved(bench, model, KEYS);
            AttachedAdapter front = TEMPLATE.attachMoved(bench, model, Map.of("num_virtual_tokens", 3));
            Tokens rows = withPseudoTokens(MixedRows.randomTokens(4, 3));
            List<List<AttachedAdapter>> byRow =
                    List.of(List.of(template), List.of(front), List.of(), List.of(front, template));
            new MixedRows(byRow, rows).giveWhatTheyGiveAlone(bench, model);
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
        TEMPLATE.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<q>"), "'<q>' is not in the vocabulary");
        TEMPLATE.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<beyond>"), "is not in the vocabulary");
        TEMPLATE.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<pad>"), "'<pad>' is the token that pads");
        new MethodUnderTest<>(new PTuningProvider())
                .keysAreRefused(small, Map.of("num_virtual_tokens", 1, "pseudo_token", "<p>"), "needs a tokenizer");
    }
}
