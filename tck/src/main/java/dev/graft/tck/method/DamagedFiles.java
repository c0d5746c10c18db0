package dev.graft.tck.method;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.RuleBroken;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of adapters whose files are damaged: each is refused in a sentence, and leaves no array behind. */
final class DamagedFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOREIGN = "tck.foreign.tensor";
    private static final List<Object> HOSTILE =
            Arrays.asList(7L, -1.5, "tck", List.of(1L), Map.of("tck", 1L), true, null);

    private DamagedFiles() {}

    /** A file that ends too soon. */
    static void truncated(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            Path folder = stage.save(stage.settled(1));
            Path file = PersistenceRules.own(folder)
                    .resolve(trial.provider().format().weightsFile());
            byte[] bytes = Files.readAllBytes(file);
            for (int length : new int[] {0, 4, 20, bytes.length / 2, bytes.length - 1}) {
                Files.write(file, Arrays.copyOf(bytes, length));
                refusedAndNothingLeft(stage, folder, file.getFileName() + " cut off at byte " + length);
            }
        }
    }

    private static void refusedAndNothingLeft(Stage stage, Path folder, String what) throws Exception {
        long before = stage.engine().liveArrays();
        Expect.refused(() -> stage.load(folder), what);
        Expect.equal(stage.engine().liveArrays(), before, "arrays alive after this was refused: " + what);
    }

    /** A file without a tensor that is needed. */
    static void missing(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Path folder = stage.save(adapter);
            Path file = PersistenceRules.own(folder)
                    .resolve(trial.provider().format().weightsFile());
            Map<String, TensorData> all = contents(file);
            for (String name : required(adapter)) {
                if (all.containsKey(name)) {
                    Map<String, TensorData> fewer = new LinkedHashMap<>(all);
                    fewer.remove(name);
                    SafetensorsWriter.write(file, fewer);
                    refusedAndNothingLeft(stage, folder, "an adapter without tensor " + name);
                }
            }
        }
    }

    private static List<String> required(AttachedAdapter adapter) {
        return adapter.attachment().parameters().stream()
                .filter(parameter -> parameter.spec().storage() == ParameterSpec.Storage.REQUIRED)
                .map(Parameter::name)
                .toList();
    }

    private static Map<String, TensorData> contents(Path file) {
        Map<String, TensorData> copies = new LinkedHashMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.contents()
                    .forEach((name, data) -> copies.put(name, TensorData.of(data.dtype(), data.shape(), copy(data))));
        }
        return copies;
    }

    private static ByteBuffer copy(TensorData data) {
        ByteBuffer bytes = data.gather().duplicate();
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining());
        copy.put(bytes).flip();
        return copy;
    }

    /** A tensor of another shape. */
    static void wrongShape(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Path folder = stage.save(adapter);
            Path file = PersistenceRules.own(folder)
                    .resolve(trial.provider().format().weightsFile());
            Map<String, TensorData> all = contents(file);
            for (String name : required(adapter)) {
                if (all.containsKey(name)) {
                    Map<String, TensorData> wrong = new LinkedHashMap<>(all);
                    wrong.put(name, TensorData.of(Shape.of(3, 5, 7), new float[105]));
                    SafetensorsWriter.write(file, wrong);
                    refusedAndNothingLeft(stage, folder, "tensor " + name + " of shape [3, 5, 7]");
                }
            }
        }
    }

    /** A tensor that nobody asked for. */
    static void foreign(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            Path folder = stage.save(stage.settled(1));
            Path file = PersistenceRules.own(folder)
                    .resolve(trial.provider().format().weightsFile());
            Map<String, TensorData> all = contents(file);
            all.put(FOREIGN, TensorData.of(Shape.of(2), 1f, 2f));
            SafetensorsWriter.write(file, all);
            refusedAndNothingLeft(stage, folder, "an adapter with a tensor " + FOREIGN);
        }
    }

    /** A description with values of every kind where others belong. */
    static void hostile(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            Path folder = stage.save(stage.settled(1));
            Path file = PersistenceRules.own(folder)
                    .resolve(trial.provider().format().configFile());
            Map<String, Object> description = JsonFile.read(file);
            for (String key : description.keySet()) {
                for (Object value : HOSTILE) {
                    Map<String, Object> changed = new LinkedHashMap<>(description);
                    changed.put(key, value);
                    Files.write(file, JSON.writeValueAsBytes(changed));
                    // the base keeps the plain form of a weight from when it is first asked for
                    loadsOrRefuses(stage, folder, key + ": " + value);
                    long before = stage.engine().liveArrays();
                    loadsOrRefuses(stage, folder, key + ": " + value);
                    Expect.equal(stage.engine().liveArrays(), before, "arrays alive after " + key + ": " + value);
                }
            }
        }
    }

    private static void loadsOrRefuses(Stage stage, Path folder, String what) throws Exception {
        try {
            Expect.refusal(() -> stage.load(folder).forEach(stage::release));
        } catch (RuntimeException thrown) {
            throw new RuleBroken("a description with " + what + " made it throw " + thrown, thrown);
        }
    }
}
