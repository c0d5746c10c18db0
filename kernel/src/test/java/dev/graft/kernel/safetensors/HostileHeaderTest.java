package dev.graft.kernel.safetensors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHeaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"w\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}} | in FILE tensor 'w' has element type"
                        + " 'F33', but allowed are F64, F32, BF16, F16, I64, I32, I8, U8, BOOL",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | in FILE tensor 'w' has data_offsets"
                        + " [0, 8], which is 8 bytes, but F32 elements of shape [3] take 12",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | in FILE tensor"
                        + " 'w' has shape [4294967296, 4294967296] of F32, which is more than 2^63 bytes",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | in FILE tensor 'w' has shape [-2],"
                        + " but no extent may be negative",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | in FILE tensor 'w' has data_offsets"
                        + " [8, 0], but the first must be at least 0 and at most the second",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}} | in FILE tensor 'w' has"
                        + " data_offsets [-8, 0], but the first must be at least 0 and at most the second",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | in FILE tensor 'w' has"
                        + " data_offsets [0, 12], but the file has only 8 bytes of data: it is truncated or damaged",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | FILE has 4 bytes after its last"
                        + " tensor, but must end where that tensor ends",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | in FILE tensor 'w' starts at data"
                        + " byte 4, but must start at byte 0: no gap is allowed in front of it",
                "{\"v\":{\"dtype\":\"U8\",\"shape\":[6],\"data_offsets\":[0,6]},\"w\":{\"dtype\":\"U8\",\"shape\":[4],"
                        + "\"data_offsets\":[4,8]}} | in FILE tensor 'w' starts at data byte 4 inside tensor 'v', which"
                        + " ends at byte 6, but tensors must not overlap",
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"U8\",\"shape\":[0],"
                        + "\"data_offsets\":[8,8]}} | in FILE tensor 'w' stands in the header twice, but a name is"
                        + " allowed once",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | in FILE tensor 'w' has shape with"
                        + " an entry that is not an integer below 2^63",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775808]}} | in FILE tensor"
                        + " 'w' has data_offsets with an entry that is not an integer below 2^63",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}} | in FILE tensor 'w' must have dtype, shape and two"
                        + " data_offsets",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} | in FILE tensor 'w' must have dtype,"
                        + " shape and two data_offsets",
                "{\"w\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}} | in FILE tensor 'w' has 'dtype' out of"
                        + " place: allowed are dtype (a string), shape and data_offsets (lists of integers), once each",
                "{\"w\":[1]} | in FILE tensor 'w' must be described by an object with dtype, shape and data_offsets",
                "{\"__metadata__\":{\"n\":1}} | __metadata__ in FILE has key 'n' whose value is not a string",
                "{\"__metadata__\":[]} | __metadata__ in FILE must be an object of strings",
                "{\"__metadata__\":{\"n\":\"\",\"n\":\"\"}} | __metadata__ in FILE has key 'n' twice",
                "[] | the header of FILE is not a JSON object: the file is damaged",
                "{} {} | the header of FILE goes on after its JSON object, but only spaces may follow",
                "{\"w\":} | the header of FILE is not valid JSON: the file is damaged or no" + " safetensors file"
            })
    void aHeaderThatLiesIsRefusedInOneSentence(String header, String sentence) {
        Path file = RawFile.write(folder, header, 8);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(sentence.replace("FILE", file.toString()));
    }

    @Test
    void aHeaderThatIsNoTextIsRefused() {
        byte[] json = {'{', '"', (byte) 0xc3, '"', ':', '1', '}'};
        Path file = RawFile.write(folder, RawFile.bytes(json.length, json, new byte[0]));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the header of " + file + " is not UTF-8 text: the file is damaged or no safetensors file");
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() {
        Path file = RawFile.write(folder, RawFile.bytes(99, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + " announces a header of 99 bytes, but only 2 bytes follow: it is truncated or no"
                        + " safetensors file");
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001, Long.MAX_VALUE, -1})
    void aHeaderOfMoreThanAHundredMegabytesIsRefused(long length) {
        Path file = RawFile.write(folder, RawFile.bytes(length, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + " announces a header of " + Long.toUnsignedString(length) + " bytes, but at most"
                        + " 100000000 are allowed: it is damaged or no safetensors file");
    }

    @Test
    void aFileTooShortForItsLengthFieldIsRefused() {
        Path file = RawFile.write(folder, new byte[7]);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        file + " has 7 bytes, but a safetensors file starts with 8 bytes that hold the length of its"
                                + " header");
    }

    @Test
    void aShapeOfMoreAxesThanAnyLibraryHasIsRefused() {
        String header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + "1,".repeat(64) + "1],\"data_offsets\":[0,1]}}";
        Path file = RawFile.write(folder, header, 1);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("in " + file + " tensor 'w' has shape with more than 64 entries");
    }

    @Test
    void aNameThatWouldSpoilAMessageIsShownTame() {
        String header = "{\"a\\n\\u001b" + "x".repeat(200) + "\":1}";
        Path file = RawFile.write(folder, header, 1);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tensor 'a\\u000a\\u001b" + "x".repeat(117) + "...' must");
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        Path missing = folder.resolve("none.safetensors");

        assertThatThrownBy(() -> SafetensorsFile.open(missing))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the safetensors file " + missing + " does not exist");
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(folder + " is not a file, but a safetensors file is needed");
    }
}
