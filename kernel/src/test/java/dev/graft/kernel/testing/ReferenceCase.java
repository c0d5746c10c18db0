package dev.graft.kernel.testing;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reference outputs in a directory. Cases lie under the directory that the environment variable
 * {@code GRAFT_FIXTURES} names, or under {@code shared/fixtures} beside the repository.
 *
 * @param directory the case
 */
public record ReferenceCase(Path directory) {
    /**
     * The models of some types; empty where there are no fixtures.
     *
     * @param modelTypes values of {@code model_type}
     */
    public static List<ReferenceCase> models(Collection<String> modelTypes) {
        return folder("models").stream()
                .flatMap(ReferenceCase::list)
                .filter(directory -> Files.exists(directory.resolve("expected.safetensors")))
                .filter(directory -> modelTypes.contains(JsonCheckpointConfig.read(directory.resolve("config.json"))
                        .modelType()))
                .map(ReferenceCase::new)
                .toList();
    }

    /** A folder of the fixtures, for instance {@code peft}; empty where there are none. */
    public static Optional<Path> folder(String name) {
        return root().map(root -> root.resolve(name)).filter(Files::isDirectory);
    }

    private static Optional<Path> root() {
        String named = System.getenv("GRAFT_FIXTURES");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path fixtures = folder.resolve("shared").resolve("fixtures");
            if (Files.isDirectory(fixtures)) {
                return Optional.of(fixtures);
            }
        }
        return Optional.empty();
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The case's name. */
    public String name() {
        return directory.getFileName().toString();
    }

    /** Its {@code config.json}. */
    public JsonCheckpointConfig config() {
        return JsonCheckpointConfig.read(directory.resolve("config.json"));
    }

    /** Whether the expected outputs hold a tensor. */
    public boolean has(String name) {
        try (SafetensorsFile file = expected()) {
            return file.find(name).isPresent();
        }
    }

    /** Extents of an expected tensor. */
    public Shape shape(String name) {
        try (SafetensorsFile file = expected()) {
            return file.tensor(name).shape();
        }
    }

    /** An expected tensor of integers. */
    public long[] longs(String name) {
        try (SafetensorsFile file = expected()) {
            TensorData data = file.tensor(name);
            ByteBuffer bytes = data.gather();
            long[] values = new long[Math.toIntExact(data.shape().elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = data.dtype() == DType.INT64 ? bytes.getLong() : bytes.getInt();
            }
            return values;
        }
    }

    /** An expected tensor of single-precision numbers. */
    public float[] floats(String name) {
        try (SafetensorsFile file = expected()) {
            TensorData data = file.tensor(name);
            float[] values = new float[Math.toIntExact(data.shape().elements())];
            data.gather().asFloatBuffer().get(values);
            return values;
        }
    }

    private SafetensorsFile expected() {
        return SafetensorsFile.open(directory.resolve("expected.safetensors"));
    }

    @Override
    public String toString() {
        return name();
    }
}
