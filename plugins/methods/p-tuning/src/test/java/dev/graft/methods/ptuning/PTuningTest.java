package dev.graft.methods.ptuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.model.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
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

class PTuningTest {
    private static final MethodUnderTest<PTuningConfig> P_TUNING = new MethodUnderTest<>(new PTuningProvider());
    private static final Map<String, Object> MLP = Map.of("num_virtual_tokens", 3, "encoder_hidden_size", 6);
    private static final Map<String, Object> LSTM = lstm(2);
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 30, 11, 1});
    private static final List<SmallModel> MODELS =
            List.of(SmallModel.llama(), SmallModel.gpt2(), SmallModel.bertClassifier());

    @TempDir
    private Path directory;

    private static Map<String, Object> lstm(int tokens) {
        return Map.of(
                "num_virtual_tokens",
                tokens,
                "encoder_reparameterization_type",
                "LSTM",
                "encoder_hidden_size",
                5,
                "encoder_num_layers",
                2,
                "encoder_dropout",
                0.25);
    }

    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(new PTuningProvider(), "peft");
    }

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return MODELS.stream()
                .flatMap(small -> Stream.of(MLP, LSTM)
                        .map(keys -> P_TUNING.checks(small, keys)
                                .changingLogitsWhenFresh()
                                .refusingToMerge("a prompt cannot be merged")
                                .tests(directory)));
    }

    @Test
    void theFormulaKnowsTheEncodersOwnSizes() {
        Map<String, Object> deep =
                Map.of("num_virtual_tokens", 1, "encoder_reparameterization_type", "LSTM", "encoder_num_layers", 4);
        P_TUNING.checks(SmallModel.llama(), Map.of("num_virtual_tokens", 1)).learnsWhatTheFormulaSays(fresh());
        P_TUNING.checks(SmallModel.llama(), deep).learnsWhatTheFormulaSays(fresh());
    }

    @Test
    void anEncoderThatIsGoneLeavesVectorsThatComputeTheSameAndLearnByThemselves() {
        each((small, keys) -> {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench)) {
                AdapterLoader loader = new AdapterLoader(bench.registry());
                AttachedAdapter adapter = P_TUNING.attachMoved(bench, model, keys);
                Path saved = fresh();
                loader.save(saved, "base", model, List.of(adapter));
                delete(saved.resolve("training_state.safetensors"));
                AttachedAdapter again = loader.load(saved, model).get(0);

                assertThat(Runs.logits(bench, model, TOKENS, again))
                        .isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
                long head = small.task() == Task.SEQ_CLS ? 3 * 16 + 3 : 0;
                int tokens = (Integer) keys.get("num_virtual_tokens");
                assertThat(new TrainedParameters(List.of(again)).elements()).isEqualTo(tokens * 16L + head);
                again.release();
                adapter.release();
            }
        });
    }

    @Property(tries = 5)
    void everyRowOfABatchGivesWhatItGivesAlone(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(max = 4) Integer> lengths,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = new ArrayList<>();
            List<List<AttachedAdapter>> byRow = new ArrayList<>();
            for (int length : lengths) {
                if (length > 0) {
                    adapters.add(P_TUNING.attachMoved(bench, model, length % 2 == 0 ? lstm(length) : MLP));
                }
                byRow.add(length == 0 ? List.of() : List.of(adapters.get(adapters.size() - 1)));
            }
            new MixedRows(byRow, MixedRows.randomTokens(lengths.size(), seed)).giveWhatTheyGiveAlone(bench, model);
            adapters.forEach(AttachedAdapter::release);
        }
    }

    private static void each(BiConsumer<SmallModel, Map<String, Object>> check) {
        for (SmallModel small : MODELS) {
            check.accept(small, MLP);
            check.accept(small, LSTM);
        }
    }

    private Path fresh() {
        try {
            return Files.createTempDirectory(directory, "a").resolve("saved");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
