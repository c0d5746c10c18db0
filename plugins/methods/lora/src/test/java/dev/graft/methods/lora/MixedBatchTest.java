package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.SmallModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MixedBatchTest {
    private static final int NONE = -1;

    private static final List<Map<String, Object>> ADAPTERS = List.of(
            Map.of("r", 2),
            Map.of("r", 5, "target_modules", "all-linear", "use_dora", true),
            Map.of("r", 3, "target_modules", List.of("embed_tokens", "lm_head")),
            Map.of("r", 1, "target_modules", List.of("down_proj"), "modules_to_save", List.of("lm_head", "norm")),
            Map.of("r", 4, "target_modules", List.of("q_proj"), "trainable_token_indices", List.of(1, 2, 3)));

    @Property(tries = 25)
    void everyRowGivesWhatItGivesAlone(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(min = NONE, max = 4) Integer> choices,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = attach(bench, model);
            List<List<AttachedAdapter>> byRow = byRow(adapters, choices);
            new MixedRows(byRow, MixedRows.randomTokens(choices.size(), seed))
                    .giveInOnePassWhatTheyGiveAlone(bench, model);
            adapters.forEach(AttachedAdapter::release);
        }
    }

    @Property(tries = 15)
    void everyRowOfACachedGenerationGivesWhatItGivesAlone(
            @ForAll @Size(min = 2, max = 4) List<@IntRange(min = NONE, max = 4) Integer> choices,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = attach(bench, model);
            List<List<AttachedAdapter>> byRow = byRow(adapters, choices);
            new MixedRows(byRow, MixedRows.randomTokens(choices.size(), seed))
                    .giveTokenByTokenWhatTheyGiveAlone(bench, model);
            adapters.forEach(AttachedAdapter::release);
        }
    }

    @Test
    void textsOfABatchAreThoseOfEveryPromptAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = attach(bench, model);
            Generator generator = new Generator(model, null);
            List<GenerationRequest> requests = new ArrayList<>();
            int[][] prompts = {{3, 7, 9}, {5}, {4, 30, 11, 2, 8}, {1, 2}, {6, 6, 6}, {9, 1, 12, 17}};
            for (int i = 0; i < prompts.length; i++) {
                List<AttachedAdapter> own = i < adapters.size() ? List.of(adapters.get(i)) : List.of();
                requests.add(new GenerationRequest(prompts[i], own, SamplingOptions.greedy(6 + i)));
            }
            List<int[]> together = generator.generate(requests, TokenListener.none()).stream()
                    .map(generation -> generation.ids())
                    .toList();
            for (int i = 0; i < prompts.length; i++) {
                assertThat(together.get(i))
                        .as("prompt %d", i)
                        .isEqualTo(generator.generate(requests.get(i)).ids());
            }
            adapters.forEach(AttachedAdapter::release);
        }
    }

    private static List<AttachedAdapter> attach(Bench bench, LoadedModel model) {
        List<AttachedAdapter> adapters = new ArrayList<>();
        for (Map<String, Object> keys : ADAPTERS) {
            adapters.add(MethodChecks.moved(bench, LORA.attach(model, keys), adapters.size()));
        }
        return adapters;
    }

    private static List<List<AttachedAdapter>> byRow(List<AttachedAdapter> adapters, List<Integer> choices) {
        return choices.stream()
                .map(choice -> choice == NONE ? List.<AttachedAdapter>of() : List.of(adapters.get(choice)))
                .toList();
    }
}
