package dev.graft.kernel.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    private static final String TWO = """
            {"__metadata__":{"format":"pt"},
             "b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},
             "a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}} \s""";

    @TempDir
    Path folder;

    @Test
    void tensorsAreListedInTheOrderOfTheirBytes() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO, 11))) {
            assertThat(file.tensors())
                    .containsExactly(
                            new TensorInfo("a", DType.FLOAT32, Shape.of(2, 1), 0, 8),
                            new TensorInfo("b", DType.UINT8, Shape.of(3), 8, 3));
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
        }
    }

    @Test
    void elementsAreLittleEndianViewsOfTheFile() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO, 11))) {
            ByteBuffer a = file.tensor("a").elements().memory().orElseThrow();
            assertThat(a.isDirect()).isTrue();
            assertThat(a.isReadOnly()).isTrue();
            assertThat(a.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(a.getInt(0)).isEqualTo(0x04030201);
            assertThat(bytes(file.tensor("b"))).containsExactly(9, 10, 11);
        }
    }

    @Test
    void aTensorLargerThanAWindowComesInSeveralPieces() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO, 11), 3)) {
            assertThat(file.tensor("a").elements().memory()).isEmpty();
            assertThat(bytes(file.tensor("a"))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(bytes(file.tensor("b"))).containsExactly(9, 10, 11);
        }
    }

    @Test
    void aScalarHasOneElementAndAnEmptyTensorNone() {
        String header = """
                {"none":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]},
                 "one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""";
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, header, 4))) {
            assertThat(file.tensor("one").gather().remaining()).isEqualTo(4);
            assertThat(file.tensor("none").gather().remaining()).isZero();
        }
    }

    @Test
    void aFileWithoutTensorsIsValid() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, "{}", 0))) {
            assertThat(file.tensors()).isEmpty();
        }
    }

    @Test
    void aFileOfMoreThanFourGibibytesIsReadToItsLastByte() throws IOException {
        long large = (1L << 32) + 5;
        String header = "{\"large\":{\"dtype\":\"U8\",\"shape\":[" + large + "],\"data_offsets\":[0," + large + "]},"
                + "\"last\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[" + large + "," + (large + 4) + "]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("large.safetensors");
        try (SeekableByteChannel channel = Files.newByteChannel(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(RawFile.bytes(json.length, json, new byte[0])));
            channel.position(8 + json.length + large - 1).write(ByteBuffer.wrap(new byte[] {7, 42, 0, 0, 0}));
        }

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            List<ByteBuffer> pieces = new ArrayList<>();
            file.tensor("large").elements().forEachPiece(pieces::add);
            assertThat(pieces.stream().mapToLong(ByteBuffer::remaining).sum()).isEqualTo(large);
            ByteBuffer end = pieces.get(pieces.size() - 1);
            assertThat(end.get(end.limit() - 1)).isEqualTo((byte) 7);
            assertThat(file.tensor("last").gather().getInt()).isEqualTo(42);
        }
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesTheFile() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO, 11))) {
            assertThat(file.find("c")).isEqualTo(Optional.empty());
            assertThatThrownBy(() -> file.tensor("c"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(file.path() + " has no tensor 'c' among its 2");
        }
    }

    @Test
    void aClosedFileHandsOutNothingMoreButKeepsWhatItGave() {
        SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO, 11));
        TensorData tensor = file.tensor("a");
        ByteBuffer taken = tensor.gather();
        file.close();

        assertThatThrownBy(tensor::gather)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(taken.get(0)).isEqualTo((byte) 1);
    }

    @Test
    void everyReferenceFileIsRead() throws IOException {
        Path fixtures = Path.of(System.getenv().getOrDefault("GRAFT_FIXTURES", "../../shared/fixtures"));
        assumeThat(fixtures).as("reference fixtures").isDirectory();
        try (Stream<Path> files = Files.walk(fixtures)) {
            List<Path> found = files.filter(path -> path.toString().endsWith(".safetensors"))
                    .toList();
            assertThat(found).isNotEmpty();
            for (Path path : found) {
                try (SafetensorsFile file = SafetensorsFile.open(path)) {
                    long read = file.contents().values().stream()
                            .mapToLong(tensor -> tensor.gather().remaining())
                            .sum();
                    assertThat(read)
                            .as(path.toString())
                            .isEqualTo(SafetensorsHeader.read(path).dataBytes());
                }
            }
        }
    }

    private static byte[] bytes(TensorData data) {
        ByteBuffer gathered = data.gather();
        byte[] bytes = new byte[gathered.remaining()];
        gathered.get(bytes);
        return bytes;
    }
}
