package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelMerger;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Weight;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraMergeTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});

    /** (W + B A) x is summed in another order than W x + B (A x). */
    private static final Offset<Float> ROUNDING = within(2e-5f);

    @TempDir
    private Path directory;

    @Test
    void mergedWeightsGiveTheSameLogitsAndTheBaseStaysAsItWas() {
        mergedGivesTheSame("llama", SmallModel.llama(), Variants.llama());
        mergedGivesTheSame("gpt2", SmallModel.gpt2(), Variants.gpt2());
        mergedGivesTheSame("bert", SmallModel.bertClassifier(), Variants.bert());
    }

    private void mergedGivesTheSame(String kind, SmallModel small, Map<String, Map<String, Object>> variants) {
        try (Bench bench = new Bench()) {
            Path base = small.write(bench, directory.resolve(kind).resolve("base"));
            try (LoadedModel model = bench.load(base)) {
                Map<String, float[]> before = weights(model);
                variants.forEach((name, keys) -> {
                    AttachedAdapter adapter = LORA.attachMoved(bench, model, keys);
                    Path target = directory.resolve(kind).resolve(name.replaceAll("[^a-z]", "-"));
                    new ModelMerger(model, List.of(adapter))
                            .write(
                                    base,
                                    target,
                                    new ModelMerger.Form(List.of(), null, CheckpointWriter.DEFAULT_SHARD_BYTES));
                    try (LoadedModel merged = bench.load(target)) {
                        assertThat(Runs.logits(bench, merged, TOKENS))
                                .as("%s, %s", kind, name)
                                .containsExactly(Runs.logits(bench, model, TOKENS, adapter), ROUNDING)
                                .isNotEqualTo(Runs.logits(bench, model, TOKENS));
                    }
                    adapter.release();
                });
                assertThat(weights(model)).containsExactlyEntriesOf(before);
            }
        }
    }

    @Test
    void aHeadIsPartedFromItsTableWhenOneOfThemChanges() {
        try (Bench bench = new Bench()) {
            Path base = SmallModel.gpt2().write(bench, directory.resolve("base"));
            try (LoadedModel model = bench.load(base)) {
                AttachedAdapter adapter = LORA.attachMoved(bench, model, Map.of("target_modules", List.of("wte")));
                Path target = directory.resolve("merged");
                new ModelMerger(model, List.of(adapter))
                        .write(
                                base,
                                target,
                                new ModelMerger.Form(List.of(), null, CheckpointWriter.DEFAULT_SHARD_BYTES));

                assertThat(JsonFile.read(target.resolve("config.json"))).containsEntry("tie_word_embeddings", false);
                adapter.release();
            }
        }
    }

    @Test
    void aBiasForWhichACheckpointHasNoPlaceIsRefused() {
        try (Bench bench = new Bench()) {
            Path base = SmallModel.llama().write(bench, directory.resolve("base"));
            try (LoadedModel model = bench.load(base)) {
                AttachedAdapter adapter =
                        LORA.attachMoved(bench, model, Map.of("target_modules", List.of("lm_head"), "lora_bias", true));
                Path target = directory.resolve("merged");

                assertThatThrownBy(() -> new ModelMerger(model, List.of(adapter))
                                .write(
                                        base,
                                        target,
                                        new ModelMerger.Form(List.of(), null, CheckpointWriter.DEFAULT_SHARD_BYTES)))
                        .isInstanceOf(ConfigurationException.class)
                        .message()
                        .isEqualTo("this adapter cannot be merged: it brings 'lm_head.bias', for which checkpoints of"
                                + " LlamaForCausalLM have no place");
                assertThat(target).doesNotExist();
                adapter.release();
            }
        }
    }

    private static Map<String, float[]> weights(LoadedModel model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Weight weight : model.weights().all()) {
            values.put(weight.name(), weight.tensor().floats());
        }
        return values;
    }
}
