package dev.graft.methods.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseMistakesTest {
    private static final String QUERY = "base_model.model.model.layers.0.self_attn.q_proj.weight";

    @TempDir
    private Path directory;

    @Test
    void mistakenKeysAreNamedInOneSentence() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertRefused(model, Map.of("density", 2), "density");
            assertRefused(model, Map.of("density", 1e-9), "density 1.0E-9 leaves none of the 5760 targeted elements");
            assertRefused(model, Map.of("mask", "magic"), "magic");
            assertRefused(model, Map.of("trial_fraction", 1), "trial_fraction");
            assertRefused(model, Map.of("fisher_examples", 0), "fisher_examples");
            assertRefused(
                    model,
                    Map.of("target_modules", List.of("nothing")),
                    "target_modules [nothing] matches no layer of this model; its layers are called");
            assertRefused(
                    model,
                    Map.of("target_modules", List.of("q_proj"), "exclude_modules", ".*"),
                    "target_modules [q_proj] without exclude_modules '.*' matches no layer");
            assertRefused(model, Map.of("target_modules", "("), "target_modules holds '(', which is not a regular");
        }
    }

    private static void assertRefused(LoadedModel model, Map<String, Object> keys, String message) {
        assertThatThrownBy(() -> Patched.attach(model, keys))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    @Test
    void damagedAdaptersAreRefusedInOneSentence() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = Patched.attach(
                    model, Map.of("mask", "random", "density", 0.02, "target_modules", List.of("q_proj")));
            Path saved = directory.resolve("adapter");
            AdapterLoader loader = new AdapterLoader(bench.registry());
            loader.save(saved, "base", model, List.of(adapter));
            adapter.release();
            Path whole = move(saved.resolve("adapter_model.safetensors"), saved.resolve("whole.safetensors"));
            int own = number(whole);

            replace(whole, ".indices", integers(new long[own]));
            assertUnloadable(loader, model, "holds 0 after 0; indices must rise and lie below 256");
            replace(whole, ".indices", integers(LongStream.range(256, 256 + own).toArray()));
            assertUnloadable(loader, model, "holds 256 after -1; indices must rise and lie below 256");
            replace(whole, ".indices", TensorData.of(Shape.of(own), new float[own]));
            assertUnloadable(loader, model, ".indices' is F32[" + own + "]; it must be a list of I64");
            replace(whole, ".values", integers(new long[own]));
            assertUnloadable(loader, model, "must hold a floating-point number for each of the " + own + " indices");
            replace(whole, ".values", null);
            assertUnloadable(loader, model, "lacks tensor '" + QUERY + ".values'");
            move(whole, saved.resolve("adapter_model.safetensors"));
            describe(saved, "density", 0.5);
            assertUnloadable(loader, model, "its density asks for 384 of the 768 that are targeted");
            describe(saved, "speed", 1);
            assertUnloadable(loader, model, "has a key 'speed', which GRAFT_SPARSE does not know");
        }
    }

    private static TensorData integers(long[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return TensorData.of(DType.INT64, Shape.of(values.length), bytes);
    }

    private static int number(Path whole) {
        try (SafetensorsFile file = SafetensorsFile.open(whole)) {
            long number = file.tensor(QUERY + ".values").shape().elements();
            assertThat(number).isGreaterThan(1);
            return Math.toIntExact(number);
        }
    }

    /** Writes the adapter's tensors with one of them replaced, or left out. */
    private static void replace(Path whole, String ending, TensorData replacement) {
        try (SafetensorsFile file = SafetensorsFile.open(whole)) {
            Map<String, TensorData> tensors = new LinkedHashMap<>(file.contents());
            tensors.remove(QUERY + ending);
            if (replacement != null) {
                tensors.put(QUERY + ending, replacement);
            }
            SafetensorsWriter.write(whole.resolveSibling("adapter_model.safetensors"), tensors);
        }
    }

    private static void describe(Path saved, String key, Object value) {
        Path file = saved.resolve("adapter_config.json");
        Map<String, Object> description = new TreeMap<>(JsonFile.read(file));
        description.put(key, value);
        JsonFile.write(file, description);
    }

    private static Path move(Path from, Path to) {
        try {
            return Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertUnloadable(AdapterLoader loader, LoadedModel model, String message) {
        long before = model.tensors().engine().liveArrays();
        assertThatThrownBy(() -> loader.load(directory.resolve("adapter"), model))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
        assertThat(model.tensors().engine().liveArrays()).isEqualTo(before);
    }
}
