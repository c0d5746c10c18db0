package dev.graft.methods.ppt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.AdapterChecks;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.RowMixes;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PptTest {
    private static final AdapterChecks<PptConfig> CHECKS = new AdapterChecks<>(new PptProvider());
    private static final Map<String, Object> KEYS = Map.of("num_virtual_tokens", 3);

    @TempDir
    private Path directory;

    @Test
    void gradientsEqualDifferences() {
        CHECKS.gradientsEqualDifferences(SmallModel.llama(), KEYS, directory.resolve("llama"));
    }

    @Test
    void aSavedAdapterComputesTheSameAgain() {
        CHECKS.savedComputesTheSame(SmallModel.llama(), KEYS, directory.resolve("llama"));
        CHECKS.savedComputesTheSame(
                SmallModel.gpt2(), Map.of("num_virtual_tokens", 2, "deviation", 0.5), directory.resolve("gpt2"));
    }

    @Test
    void trainingGoesOnAfterLoadingAsIfItHadNeverStopped() {
        CHECKS.trainingGoesOn(SmallModel.llama(), KEYS, directory.resolve("llama"));
    }

    @Test
    void theBaseStaysAsItWasAndNothingIsLeftOfAReleasedAdapter() {
        CHECKS.theBaseStaysAndNothingIsLeft(SmallModel.gpt2(), KEYS);
    }

    @Test
    void theFormulaGivesTheNumberOfTrainableElements() {
        CHECKS.theFormulaCounts(SmallModel.llama(), KEYS);
        CHECKS.theFormulaCounts(SmallModel.llama(), Map.of());
    }

    @Test
    void aPromptCannotBeMerged() {
        CHECKS.mergingIsRefused(SmallModel.llama(), KEYS, "a prompt cannot be merged");
    }

    @Test
    void rowsWithPromptsOfUnequalLengthAndNothingGiveWhatTheyGiveAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter shorter = CHECKS.attach(model, Map.of("num_virtual_tokens", 2));
            AttachedAdapter longer = CHECKS.attach(model, Map.of("num_virtual_tokens", 5));
            RowMixes mix = new RowMixes(
                    bench,
                    model,
                    List.of(List.of(shorter), List.of(), List.of(longer), List.of(longer, shorter)),
                    RowMixes.randomRows(4, 2),
                    within(3e-5f));
            mix.rowsAreAsAlone();
            mix.rowsOfCachedStepsAreAsAlone();
            shorter.release();
            longer.release();
        }
    }

    @Test
    void aPromptBeginsAsLongAsThePapersAndAsWideSpreadAsTheTokenTable() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = CHECKS.attach(model, Map.of());
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
            AttachedAdapter adapter = CHECKS.attach(model, KEYS);
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
        CHECKS.keysAreRefused(SmallModel.llama(), Map.of("num_virtual_tokens", 0), "num_virtual_tokens");
        CHECKS.keysAreRefused(SmallModel.llama(), Map.of("deviation", -1), "deviation");
        CHECKS.keysAreRefused(SmallModel.bertClassifier(), KEYS, "answers with words of a causal language model");
    }
}
