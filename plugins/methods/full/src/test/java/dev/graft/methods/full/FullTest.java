package dev.graft.methods.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Weight;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 8, 11});

    /** A frozen weight may be multiplied in another order than one that learns. */
    private static final Offset<Float> ROUNDING = within(1e-5f);

    private static final Offset<Float> HALF_ROUNDING = within(1e-2f);

    @TempDir
    private Path directory;

    @Test
    void everythingLearnsAndTheBaseStaysAsItWas() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of());
            float[] base = Runs.logits(bench, model, TOKENS);
            long elements = adapter.attachment().parameters().stream()
                    .mapToLong(parameter -> parameter.spec().shape().elements())
                    .sum();

            assertThat(elements).isEqualTo(model.weights().elements());
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).containsExactly(base, ROUNDING);
            try (Training training = new Training(bench, model, adapter)) {
                double before = training.step(0);
                assertThat(training.step(0.1)).isLessThan(before);
            }
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).isNotEqualTo(base);
            assertThat(Runs.logits(bench, model, TOKENS)).isEqualTo(base);
            adapter.release();
        }
    }

    @Test
    void aTiedTableLearnsOnceAndReachesBothEnds() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(true).write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of("trainable_modules", List.of("embed_tokens")));

            assertThat(adapter.attachment().parameters())
                    .extracting(Parameter::name)
                    .containsExactly("base_model.model.model.embed_tokens.weight");
            try (Training training = new Training(bench, model, adapter)) {
                training.step(0);
            }
            Checkpoints.writeMerged(
                    bench,
                    model,
                    Small.decoder(true).config(),
                    directory.resolve("merged"),
                    adapter.attachment().merge());
            try (LoadedModel merged = bench.load(directory.resolve("merged"))) {
                assertThat(Runs.logits(bench, merged, TOKENS))
                        .containsExactly(Runs.logits(bench, model, TOKENS, adapter), ROUNDING);
            }
            adapter.release();
        }
    }

    @Test
    void whatIsFrozenStaysTheSameToTheBitUntilItsTurn() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of("unfreeze_every", 1.0, "unfreeze_first", 1));
            try (Training training = new Training(bench, model, adapter)) {
                for (int epoch = 0; epoch < 6; epoch++) {
                    Map<String, float[]> before = values(adapter);
                    training.step(epoch + 0.5);
                    Map<String, float[]> after = values(adapter);
                    for (Parameter parameter : adapter.attachment().parameters()) {
                        boolean learns = parameter.spec().layer() >= 3 - epoch;
                        assertThat(Arrays.equals(before.get(parameter.name()), after.get(parameter.name())))
                                .as("%s unchanged in epoch %d", parameter.name(), epoch)
                                .isEqualTo(!learns);
                    }
                }
            }
            adapter.release();
        }
    }

    @Test
    void aSavedAdapterHoldsWhatWasReplacedAndComputesTheSameAgain() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter =
                    Small.FULL.attach(model, Map.of("trainable_layers", 1, "trainable_modules", List.of("self_attn")));
            try (Training training = new Training(bench, model, adapter)) {
                training.step(0);
            }
            Path saved = directory.resolve("adapter");
            AdapterLoader loader = new AdapterLoader(bench.registry());
            loader.save(saved, "base", model, List.of(adapter));
            List<AttachedAdapter> again = loader.load(saved, model);

            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("peft_type", "GRAFT_FULL")
                    .containsEntry("base_model_name_or_path", "base")
                    .containsEntry("task_type", "CAUSAL_LM")
                    .containsEntry("trainable_layers", 1);
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
                String attention = "base_model.model.model.layers.3.self_attn.";
                assertThat(file.contents().keySet())
                        .containsExactlyInAnyOrder(
                                attention + "q_proj.weight",
                                attention + "k_proj.weight",
                                attention + "v_proj.weight",
                                attention + "o_proj.weight");
            }
            assertThat(Runs.logits(bench, model, TOKENS, again.get(0)))
                    .isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
            again.forEach(AttachedAdapter::release);
            adapter.release();
        }
    }

    @Test
    void mergedWeightsGiveTheSameLogits() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of("trainable_layers", -2));
            try (Training training = new Training(bench, model, adapter)) {
                training.step(0);
            }
            Checkpoints.writeMerged(
                    bench,
                    model,
                    Small.decoder(false).config(),
                    directory.resolve("merged"),
                    adapter.attachment().merge());
            try (LoadedModel merged = bench.load(directory.resolve("merged"))) {
                assertThat(differences(model.weights().all(), merged.weights().all()))
                        .isNotEmpty()
                        .allMatch(name -> name.startsWith("model.layers.0.") || name.startsWith("model.layers.1."));
                assertThat(Runs.logits(bench, merged, TOKENS))
                        .containsExactly(Runs.logits(bench, model, TOKENS, adapter), ROUNDING);
            }
            adapter.release();
        }
    }

    @Test
    void singlePrecisionCopiesOfAHalfPrecisionBaseComputeWhatItComputes() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(
                        Small.decoder(false).write(bench, directory.resolve("base")),
                        new ModelLoader.Options(DType.BFLOAT16, null, 0, false, 0))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of());

            assertThat(adapter.attachment().parameters())
                    .allMatch(parameter -> parameter.tensor().dtype() == DType.FLOAT32);
            assertThat(Runs.logits(bench, model, TOKENS, adapter))
                    .containsExactly(Runs.logits(bench, model, TOKENS), HALF_ROUNDING);
            adapter.release();
        }
    }

    private static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            values.put(parameter.name(), parameter.tensor().floats());
        }
        return values;
    }

    private static List<String> differences(List<Weight> one, List<Weight> other) {
        Map<String, float[]> values = new LinkedHashMap<>();
        other.forEach(weight -> values.put(weight.name(), weight.tensor().floats()));
        return one.stream()
                .filter(weight -> !Arrays.equals(weight.tensor().floats(), values.get(weight.name())))
                .map(Weight::name)
                .toList();
    }
}
