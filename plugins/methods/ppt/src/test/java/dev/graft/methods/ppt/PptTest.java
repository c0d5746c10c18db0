package dev.graft.methods.ppt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PptTest {
    private static final MethodUnderTest<PptConfig> PPT = new MethodUnderTest<>(new PptProvider());
    private static final Map<String, Object> KEYS = Map.of("num_virtual_tokens", 3);

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(
                        PPT.checks(SmallModel.llama(), KEYS),
                        PPT.checks(SmallModel.llama().with(Map.of("max_position_embeddings", 128)), Map.of()),
                        PPT.checks(SmallModel.gpt2(), Map.of("num_virtual_tokens", 2, "deviation", 0.5)))
                .map(checks -> checks.changingLogitsWhenFresh()
                        .refusingToMerge("a prompt cannot be merged")
                        .tests(directory));
    }

    @Test
    void rowsWithPromptsOfUnequalLengthAndNothingGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter shorter = PPT.attach(model, Map.of("num_virtual_tokens", 2));
            AttachedAdapter longer = PPT.attach(model, Map.of("num_virtual_tokens", 5));
            List<List<AttachedAdapter>> byRow =
                    List.of(List.of(shorter), List.of(), List.of(longer), List.of(longer, shorter));
            new MixedRows(byRow, MixedRows.randomTokens(4, 2)).giveWhatTheyGiveAlone(bench, model);
            shorter.release();
            longer.release();
        }
    }

    @Test
    void aPromptBeginsAsLongAsThePapersAndAsWideSpreadAsTheTokenTable() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = PPT.attach(model, Map.of());
            float[] vectors = adapter.attachment().parameters().get(0).tensor().floats();
            float[] table = model.weightsByName()
                    .get("model.embed_tokens.weight")
                    .tensor()
                    .floats();

            assertThat(vectors).hasSize(100 * 16);
            assertThat(deviation(vectors)).isCloseTo(deviation(table), within(0.1 * deviation(table)));
            adapter.release();
        }
    }

    private static double deviation(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += value * value;
        }
        double mean = sum / values.length;
        return Math.sqrt(squares / values.length - mean * mean);
    }

    @Test
    void theFilesAreThoseOfPeftsPromptTuningAndKnownByAKeyOfTheirOwn() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = PPT.attach(model, KEYS);
            new AdapterLoader(bench.registry()).save(directory.resolve("a"), "base", model, List.of(adapter));

            assertThat(JsonFile.read(directory.resolve("a/adapter_config.json")))
                    .containsEntry("peft_type", "PROMPT_TUNING")
                    .containsEntry("graft_method", "ppt")
                    .containsEntry("prompt_tuning_init", "RANDOM")
                    .containsEntry("num_virtual_tokens", 3)
                    .containsEntry("token_dim", 16);
            adapter.release();
        }
    }

    @Test
    void mistakesInARecipeGiveOneSentence() {
        PPT.keysAreRefused(SmallModel.llama(), Map.of("num_virtual_tokens", 0), "num_virtual_tokens");
        PPT.keysAreRefused(SmallModel.llama(), Map.of("deviation", -1), "deviation");
        PPT.keysAreRefused(SmallModel.bertClassifier(), KEYS, "answers with words of a causal language model");
    }
}
