package dev.graft.methods.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MixedBatchTest {
    /** Products of more rows are blocked, and so summed, in another order than those of one: no equality to the bit. */
    private static final Offset<Float> ROUNDING = within(3e-5f);

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
                LoadedModel model = Small.llama(false).model(bench)) {
            List<AttachedAdapter> adapters = attach(bench, model);
            List<List<AttachedAdapter>> byRow = byRow(adapters, choices);
            Tokens batch = randomRows(choices.size(), seed);
            float[] together = logits(bench, model, batch, RowAssignment.rows(byRow), PassOptions.inference());
            for (int row = 0; row < batch.rows(); row++) {
                float[] alone = alone(bench, model, batch, byRow, row);
                int[] slots = batch.slots(row);
                for (int i = 0; i < slots.length; i++) {
                    assertThat(vector(together, row * batch.length() + slots[i]))
                            .as("row %d, slot %d", row, slots[i])
                            .containsExactly(vector(alone, i), ROUNDING);
                }
            }
            adapters.forEach(AttachedAdapter::release);
        }
    }

    @Property(tries = 15)
    void everyRowOfACachedGenerationGivesWhatItGivesAlone(
            @ForAll @Size(min = 2, max = 4) List<@IntRange(min = NONE, max = 4) Integer> choices,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = Small.llama(false).model(bench);
                KeyValueCache cache = new KeyValueCache(bench.engine())) {
            List<AttachedAdapter> adapters = attach(bench, model);
            List<List<AttachedAdapter>> byRow = byRow(adapters, choices);
            RowAssignment rows = RowAssignment.rows(byRow);
            Tokens batch = randomRows(choices.size(), seed).paddedLeft(0);
            int prompt = batch.length() - 2;
            List<float[]> alone = new ArrayList<>();
            for (int row = 0; row < batch.rows(); row++) {
                alone.add(alone(bench, model, batch, byRow, row));
            }
            for (int from = 0, to = prompt; to <= batch.length(); from = to, to++) {
                Tokens part = batch.columns(from, to);
                float[] step = logits(bench, model, part, rows, PassOptions.cached(cache));
                for (int row = 0; row < batch.rows(); row++) {
                    int padding = batch.length() - batch.tokens(row);
                    for (int slot : part.slots(row)) {
                        assertThat(vector(step, row * part.length() + slot))
                                .as("row %d, slot %d", row, from + slot)
                                .containsExactly(vector(alone.get(row), from + slot - padding), ROUNDING);
                    }
                }
            }
            adapters.forEach(AttachedAdapter::release);
        }
    }

    @Test
    void textsOfABatchAreThoseOfEveryPromptAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = Small.llama(false).model(bench)) {
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
            adapters.add(Small.moved(bench, Small.attach(model, keys), adapters.size()));
        }
        return adapters;
    }

    private static List<List<AttachedAdapter>> byRow(List<AttachedAdapter> adapters, List<Integer> choices) {
        return choices.stream()
                .map(choice -> choice == NONE ? List.<AttachedAdapter>of() : List.of(adapters.get(choice)))
                .toList();
    }

    /** Rows of three to eight tokens, padded on the right. */
    private static Tokens randomRows(int rows, int seed) {
        RandomStream random = RandomStream.seeded(seed);
        long[][] ids = new long[rows][8];
        long[][] mask = new long[rows][8];
        for (int row = 0; row < rows; row++) {
            int length = 3 + random.nextInt(6);
            for (int slot = 0; slot < length; slot++) {
                ids[row][slot] = random.nextInt(Small.VOCABULARY);
            }
            Arrays.fill(mask[row], 0, length, 1);
        }
        return new Tokens(ids, mask);
    }

    private static float[] alone(
            Bench bench, LoadedModel model, Tokens batch, List<List<AttachedAdapter>> byRow, int row) {
        return logits(bench, model, batch.alone(row), RowAssignment.all(byRow.get(row)), PassOptions.inference());
    }

    private static float[] logits(
            Bench bench, LoadedModel model, Tokens tokens, RowAssignment rows, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(bench.input(tokens.ids(), tokens.mask()), rows, options)
                    .logits()
                    .floats();
        }
    }

    private static float[] vector(float[] logits, int index) {
        return Arrays.copyOfRange(logits, index * Small.VOCABULARY, (index + 1) * Small.VOCABULARY);
    }
}
