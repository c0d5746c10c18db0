package dev.graft.methods.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.engine.DType;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class PromptTest {
    private static final MethodUnderTest<PromptConfig> PROMPT = new MethodUnderTest<>(new PromptProvider());
    private static final Map<String, Object> KEYS = Map.of("num_virtual_tokens", 3);
    private static final List<SmallModel> MODELS =
            List.of(SmallModel.llama(), SmallModel.llamaClassifier(), SmallModel.gpt2(), SmallModel.bertClassifier());
    private static final int WIDTH = 16;

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(new PromptProvider(), "peft");
    }

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return MODELS.stream()
                .map(small -> PROMPT.checks(small, KEYS)
                        .changingLogitsWhenFresh()
                        .refusingToMerge("a prompt cannot be merged")
                        .tests(directory));
    }

    @Property(tries = 8)
    void everyRowOfABatchGivesWhatItGivesAlone(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(max = 3) Integer> lengths,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = new ArrayList<>();
            List<List<AttachedAdapter>> byRow = lengths.stream()
                    .map(length -> length == 0
                            ? List.<AttachedAdapter>of()
                            : List.of(kept(adapters, PROMPT.attach(model, Map.of("num_virtual_tokens", 2 * length)))))
                    .toList();
            new MixedRows(byRow, MixedRows.randomTokens(lengths.size(), seed)).giveWhatTheyGiveAlone(bench, model);
            adapters.forEach(AttachedAdapter::release);
        }
    }

    @Test
    void aTextIsRepeatedUntilThereAreEnoughTokensAndCutWhereThereAreTooMany() {
        assertThat(PromptInitialization.repeated(new int[] {4, 7, 9}, 7)).containsExactly(4, 7, 9, 4, 7, 9, 4);
        assertThat(PromptInitialization.repeated(new int[] {4, 7, 9}, 2)).containsExactly(4, 7);
    }

    @Test
    void virtualTokensBeginAsTheEmbeddingsOfTheTextWithItsSpecialTokens() {
        Tokenizer tokenizer = Mockito.mock(Tokenizer.class);
        int[] ids = {4, 30};
        Mockito.when(tokenizer.encode("good or bad", true))
                .thenReturn(new Tokenizer.Encoding(ids, new int[2], new int[2]));
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            float[] found = begun(
                    model,
                    tokenizer,
                    Map.of(
                            "num_virtual_tokens", 3,
                            "prompt_tuning_init", "TEXT",
                            "prompt_tuning_init_text", "good or bad"));
            float[] table = table(model);
            assertThat(row(found, 0)).isEqualTo(row(table, 4));
            assertThat(row(found, 1)).isEqualTo(row(table, 30));
            assertThat(row(found, 2)).isEqualTo(row(table, 4));
        }
    }

    @Test
    void virtualTokensMayBeginAsTokensDrawnFromTheVocabulary() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            float[] found = begun(model, null, Map.of("num_virtual_tokens", 4, "prompt_tuning_init", "SAMPLE_VOCAB"));
            List<float[]> rows = Stream.iterate(0, i -> i + 1)
                    .limit(SmallModel.VOCABULARY)
                    .map(i -> row(table(model), i))
                    .toList();
            for (int i = 0; i < 4; i++) {
                float[] vector = row(found, i);
                assertThat(rows).anyMatch(row -> Arrays.equals(row, vector));
            }
        }
    }

    private static float[] begun(LoadedModel model, Tokenizer tokenizer, Map<String, Object> keys) {
        var setting = new AdapterBuilder.Setting("prompt", RandomStream.seeded(1), DType.FLOAT32, tokenizer, null, "");
        AttachedAdapter adapter = AdapterBuilder.attach(model, new PromptProvider(), PROMPT.bind(keys), setting);
        float[] values = adapter.attachment().parameters().get(0).tensor().floats();
        adapter.release();
        return values;
    }

    private static float[] table(LoadedModel model) {
        return model.weightsByName().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("embed_tokens.weight")
                        || entry.getKey().endsWith("wte.weight"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .tensor()
                .floats();
    }

    private static float[] row(float[] matrix, int row) {
        return Arrays.copyOfRange(matrix, row * WIDTH, (row + 1) * WIDTH);
    }

    private static AttachedAdapter kept(List<AttachedAdapter> all, AttachedAdapter adapter) {
        all.add(adapter);
        return adapter;
    }
}
