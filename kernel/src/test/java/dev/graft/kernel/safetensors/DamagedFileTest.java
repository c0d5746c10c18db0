package dev.graft.kernel.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever happens to a file, reading it either gives what its bytes say or fails with a sentence for a person. */
class DamagedFileTest {
    private static final byte[] SOUND = sound();

    private Path folder;

    @BeforeProperty
    void createFolder() throws IOException {
        folder = Files.createTempDirectory("damaged");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("some.safetensors"));
        Files.delete(folder);
    }

    @Property(tries = 1000)
    void flippedBitsGiveASentenceOrACorrectRead(
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 8 * 251 - 1) Integer> bits)
            throws IOException {
        byte[] damaged = SOUND.clone();
        for (int bit : bits) {
            damaged[(bit / 8) % damaged.length] ^= (byte) (1 << (bit % 8));
        }

        readOrRefuse(damaged);
    }

    @Property(tries = 200)
    void aTruncatedFileIsRefused(@ForAll @IntRange(min = 0, max = 10_000) int length) throws IOException {
        byte[] truncated = Arrays.copyOf(SOUND, length % SOUND.length);

        assertThat(readOrRefuse(truncated)).as("was read").isFalse();
    }

    @Property(tries = 200)
    void replacedCharactersOfTheHeaderGiveASentenceOrACorrectRead(
            @ForAll @IntRange(min = 8, max = 8 + 160) int position, @ForAll char replacement) throws IOException {
        byte[] damaged = SOUND.clone();
        damaged[position] = (byte) replacement;

        readOrRefuse(damaged);
    }

    @Property(tries = 200)
    void arbitraryBytesGiveASentenceOrACorrectRead(@ForAll byte[] noise) throws IOException {
        byte[] json = "{".getBytes(StandardCharsets.UTF_8);
        byte[] file = RawFile.bytes(1 + noise.length, json, noise);

        readOrRefuse(file);
    }

    private boolean readOrRefuse(byte[] bytes) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, bytes))) {
            assertReadsWhatIsThere(bytes, file);
            return true;
        } catch (ConfigurationException refused) {
            assertThat(refused.getMessage()).contains("some.safetensors").doesNotContain("\n");
            return false;
        }
    }

    private static void assertReadsWhatIsThere(byte[] bytes, SafetensorsFile file) throws IOException {
        int length = (bytes[0] & 0xff) | ((bytes[1] & 0xff) << 8);
        JsonNode header = new ObjectMapper().readTree(Arrays.copyOfRange(bytes, 8, 8 + length));
        for (TensorInfo tensor : file.tensors()) {
            JsonNode entry = header.get(tensor.name());
            long[] shape = new long[entry.get("shape").size()];
            Arrays.setAll(shape, axis -> entry.get("shape").get(axis).longValue());
            int from = 8 + length + entry.get("data_offsets").get(0).intValue();
            int to = 8 + length + entry.get("data_offsets").get(1).intValue();
            assertThat(tensor.dtype().safetensorsName())
                    .isEqualTo(entry.get("dtype").textValue());
            assertThat(tensor.shape().toArray()).isEqualTo(shape);
            assertThat(file.tensor(tensor.name()).gather())
                    .isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to)));
        }
    }

    private static byte[] sound() {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"bias\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] data = new byte[32];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (3 * i);
        }
        return RawFile.bytes(json.length, json, data);
    }
}
