package dev.graft.kernel.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final TensorData FLOATS = TensorData.of(Shape.of(2, 2), 1, 2, 3, 4);
    private static final TensorData BYTES =
            TensorData.of(DType.UINT8, Shape.of(3), ByteBuffer.wrap(new byte[] {5, 6, 7}));

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = folder.resolve("new/a.safetensors");
        TensorData scalar = TensorData.of(Shape.of(), 9);
        TensorData none = TensorData.of(Shape.of(0, 3));

        SafetensorsWriter.write(file, Map.of("w", FLOATS, "codes", BYTES, "scalar", scalar, "none", none));

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.contents()).containsOnlyKeys("w", "codes", "scalar", "none");
            assertThat(read.tensor("w").shape()).isEqualTo(Shape.of(2, 2));
            assertThat(read.tensor("w").gather()).isEqualTo(FLOATS.gather());
            assertThat(read.tensor("codes").gather()).isEqualTo(BYTES.gather());
            assertThat(read.tensor("scalar").gather().getFloat()).isEqualTo(9);
        }
        assertThat(entries(file.getParent())).containsExactly("a.safetensors");
    }

    @Test
    void theHeaderIsPaddedAndWideElementsComeFirstSoThatAllAreAligned() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("a", BYTES);
        tensors.put("c", FLOATS);
        tensors.put("b", FLOATS);

        SafetensorsWriter.write(file, tensors);

        SafetensorsHeader header = SafetensorsHeader.read(file);
        assertThat(header.dataStart() % 8).isZero();
        assertThat(header.tensors()).extracting(TensorInfo::name).containsExactly("b", "c", "a");
        assertThat(new String(Files.readAllBytes(file), 8, 60, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"F32\",");
    }

    @Test
    void theSameTensorsGiveTheSameBytesInWhateverOrderTheyCome() throws IOException {
        Map<String, TensorData> one = new LinkedHashMap<>(Map.of("a", BYTES));
        one.put("b", FLOATS);
        Map<String, TensorData> other = new LinkedHashMap<>(Map.of("b", FLOATS));
        other.put("a", BYTES);

        SafetensorsWriter.write(folder.resolve("one"), one);
        SafetensorsWriter.write(folder.resolve("other"), other);

        assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("other"));
    }

    @Test
    void tensorsAreAskedForTheirElementsOneAfterAnother() {
        StringBuilder events = new StringBuilder();
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (String name : new String[] {"a", "b"}) {
            tensors.put(name, new TensorData(DType.UINT8, Shape.of(2), consumer -> {
                events.append(" make ").append(name);
                consumer.accept(ByteBuffer.wrap(new byte[1]));
                consumer.accept(ByteBuffer.wrap(new byte[1]));
                events.append(" free ").append(name);
            }));
        }

        SafetensorsWriter.write(folder.resolve("a.safetensors"), tensors);

        assertThat(events).hasToString(" make a free a make b free b");
    }

    @Test
    void aTensorThatGivesTooFewBytesLeavesTheOldFileAsItWas() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("old", BYTES));
        TensorData liar = new TensorData(DType.UINT8, Shape.of(2), consumer -> consumer.accept(ByteBuffer.allocate(1)));

        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", liar)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor w gave 1 bytes, but its shape takes 2");
        assertThat(SafetensorsHeader.read(file).tensors())
                .extracting(TensorInfo::name)
                .containsExactly("old");
        assertThat(entries(folder)).containsExactly("a.safetensors");
    }

    @Test
    void aDiskThatFillsUpWhileWritingLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("a.safetensors");
        TensorData full = new TensorData(DType.UINT8, Shape.of(2), consumer -> {
            consumer.accept(ByteBuffer.allocate(1));
            throw new UncheckedIOException(new IOException("No space left on device"));
        });

        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", full)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + file + ": No space left on device");
        assertThat(entries(folder)).isEmpty();
    }

    @Test
    void aFileLargerThanItsDiskIsRefusedBeforeAByteIsWritten() throws IOException {
        Path file = folder.resolve("a.safetensors");
        TensorData large = new TensorData(DType.FLOAT64, Shape.of(1L << 50), consumer -> {
            throw new AssertionError("asked for elements");
        });

        assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of("w", large)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("cannot write .*a.safetensors: it takes 9007199254\\d+ bytes, but its disk has only"
                        + " \\d+ left");
        assertThat(entries(folder)).isEmpty();
    }

    @Test
    void aFolderThatIsAFileIsRefused() throws IOException {
        Path blocked = Files.createFile(folder.resolve("blocked"));

        assertThatThrownBy(() -> SafetensorsWriter.write(blocked.resolve("a.safetensors"), Map.of("w", FLOATS)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + blocked.resolve("a.safetensors") + ": " + blocked
                        + " is a file, but must be a folder");
    }

    @Test
    void aFolderWithoutWritePermissionIsRefused() throws IOException {
        Path locked = Files.createDirectory(
                folder.resolve("locked"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeThat(Files.isWritable(locked)).as("this user may write anywhere").isFalse();

        assertThatThrownBy(() -> SafetensorsWriter.write(locked.resolve("a.safetensors"), Map.of("w", FLOATS)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + locked.resolve("a.safetensors") + ": permission denied for " + locked);
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
