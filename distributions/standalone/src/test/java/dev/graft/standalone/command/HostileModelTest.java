package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands say of models that are damaged, or made to harm. */
class HostileModelTest {
    private static final String NORM = "\"model.norm.weight\":\\{[^}]*}";

    @TempDir
    Path directory;

    private Path model;
    private Path weights;

    @BeforeEach
    void writeModel() {
        model = new Workplace(directory).model();
        weights = model.resolve("model.safetensors");
    }

    private Run generate(String... further) {
        String[] command = {"generate", "--model", model.toString(), "--prompt", "one", "--max-new-tokens", "2"};
        return Run.graft(Stream.concat(Stream.of(command), Stream.of(further)).toArray(String[]::new));
    }

    private String sentence() {
        return Damage.sentence(generate());
    }

    @Test
    void aSoundModelIsTaken() {
        assertThat(generate().code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1", "1000"})
    void aTruncatedFileIsRefused(int bytes) {
        Damage.cut(weights, bytes);

        assertThat(sentence()).contains(weights.toString());
    }

    @Test
    void aFileCutInsideItsHeaderIsRefused() {
        Damage.write(weights, Arrays.copyOf(Damage.read(weights), 100));

        assertThat(sentence()).contains(weights.toString());
    }

    @ParameterizedTest
    @CsvSource({"1", "1000000", "4611686018427387904", "-1"})
    void aHeaderLengthBeyondTheFileIsRefused(long beyond) {
        byte[] bytes = Damage.read(weights);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, beyond < 0 ? beyond : bytes.length - 8 + beyond);
        Damage.write(weights, bytes);

        assertThat(sentence()).contains(weights.toString(), "header");
    }

    @Test
    void aFlippedBitInTheHeaderNeverDoesMoreThanOneSentence() {
        byte[] sound = Damage.read(weights);
        int end = 8 + Damage.headerLength(sound);
        int refused = 0;
        int flips = 0;
        for (int bit = 0; bit < 8 * end; bit += 13) {
            byte[] bytes = sound.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Damage.write(weights, bytes);
            Run run = Run.graft("inspect", model.toString());
            flips++;
            if (run.code() != 0) {
                assertThat(Damage.sentence(run)).as("bit " + bit).contains(weights.toString());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(flips / 3);
    }

    @Test
    void aFlippedDigitOfAnOffsetIsAlwaysRefused() {
        byte[] sound = Damage.read(weights);
        String header = new String(sound, 8, Damage.headerLength(sound), StandardCharsets.US_ASCII);
        int from = header.indexOf("\"data_offsets\":[") + "\"data_offsets\":[".length();
        for (int at = from; header.charAt(at) != ']'; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = sound.clone();
                bytes[8 + at] ^= (byte) (1 << bit);
                Damage.write(weights, bytes);

                assertThat(Damage.sentence(Run.graft("inspect", model.toString())))
                        .contains(weights.toString());
            }
        }
    }

    @Test
    void overlappingTensorsAreRefused() {
        Damage.header(
                weights,
                header -> header.replaceFirst("\"data_offsets\":\\[(\\d\\d+),(\\d+)]", "\"data_offsets\":[0,$2]"));

        assertThat(sentence()).contains(weights.toString(), "tensor");
    }

    @Test
    void oneTensorOverAnotherIsRefused() {
        String first = "\"model.norm.weight\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64]}";
        Damage.header(weights, header -> header.replaceFirst(NORM, first));

        assertThat(sentence()).contains("must not overlap");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dtype\":\"F32\" | \"dtype\":\"F33\" | has element type 'F33', but allowed are F64, F32, BF16",
                "\"dtype\":\"F32\" | \"dtype\":\"F64\" | bytes",
                "\"dtype\":\"F32\" | \"dtype\":\"I32\" | holds elements of type I32 where a weight must hold floating-point numbers",
                "\"shape\":\\[16] | \"shape\":[4,4] | has shape [4, 4] where config.json asks for [16]",
                "\"shape\":\\[16] | \"shape\":[17] | 17",
                "\"shape\":\\[16] | \"shape\":[-16] | -16",
                "\"shape\":\\[16] | \"shape\":[9223372036854775807,9223372036854775807] | 9223372036854775807",
                "model.norm.weight | model.nrom.weight | holds no tensor 'model.norm.weight'"
            })
    void aHeaderThatDoesNotFitTheModelIsRefused(String pattern, String replacement, String message) {
        Damage.header(weights, header -> header.replaceFirst(pattern, replacement));

        assertThat(sentence()).contains(message);
    }

    @Test
    void aMissingShardIsRefused() throws IOException {
        Path adapter = new Workplace(directory).lora("first", 1);
        Path merged = directory.resolve("merged");
        Run.graft("merge", "--adapter", adapter.toString(), "--output", merged.toString(), "--shard-size", "4KB");
        Files.delete(merged.resolve("model-00002-of-" + last(merged)));
        model = merged;

        assertThat(sentence()).contains("model.safetensors.index.json names the shard model-00002-of-", "is missing");
    }

    private static String last(Path merged) throws IOException {
        try (Stream<Path> files = Files.list(merged)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("model-00002-of-"))
                    .findFirst()
                    .orElseThrow()
                    .substring("model-00002-of-".length());
        }
    }

    @Test
    void aShardOutsideTheFolderIsRefused() throws IOException {
        Files.move(weights, directory.resolve("elsewhere.safetensors"));
        Files.writeString(
                model.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"model.norm.weight\": \"../elsewhere.safetensors\"}}");

        assertThat(sentence()).contains("'../elsewhere.safetensors', but a shard must be a file beside it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"llama\" | \"lama\" | lama",
                "\"model_type\" *: *\"llama\" | \"model_type\": 3 | key 'model_type' in",
                "\"hidden_size\" *: *16 | \"hidden_size\": \"wide\" | key 'hidden_size' in",
                "\"hidden_size\" *: *16 | \"hidden_size\": 1.5 | key 'hidden_size' in",
                "\"hidden_size\" *: *16 | \"hidden_size\": -16 | hidden_size is -16; it must be at least 1",
                "\"num_attention_heads\" *: *2 | \"num_attention_heads\": 0 | num_attention_heads is 0; it must be at least 1",
                "\"num_attention_heads\" *: *2 | \"num_attention_heads\": 3 | 5 features of each head",
                "\"num_key_value_heads\" *: *1 | \"num_key_value_heads\": 0 | num_key_value_heads",
                "\"num_hidden_layers\" *: *2 | \"num_hidden_layers\": 5 | holds no tensor 'model.layers.2.",
                "\"vocab_size\" *: *2048 | \"vocab_size\": 2147483647 | has shape [2048, 16] where config.json asks",
                "\"silu\" | \"siluu\" | siluu",
                "LlamaForCausalLM | LlamaForCausal | LlamaForCausal",
                "^\\{ | [ | config.json"
            })
    void aConfigThatMakesNoSenseIsRefused(String pattern, String replacement, String message) {
        Damage.text(model.resolve("config.json"), pattern, replacement);

        assertThat(sentence()).contains(message);
    }

    @Test
    void aTokenizerThatBelongsToALargerModelIsRefused() {
        Damage.text(model.resolve("config.json"), "\"vocab_size\" *: *2048", "\"vocab_size\": 200");
        Damage.header(weights, header -> header.replaceFirst("\"shape\":\\[2048,16]", "\"shape\":[200,16]"));
        assertThat(sentence()).contains(weights.toString(), "bytes");

        Workplace place = new Workplace(directory.resolve("other"));
        model = place.model(200);
        assertThat(sentence()).contains("token id", "is outside the vocabulary of 200 entries");
    }

    @Test
    void aPromptLongerThanTheModelAllowsIsRefused() {
        Run run = generate("--prompt", "two ".repeat(80));

        assertThat(Damage.sentence(run)).contains("64");
    }

    @Test
    void weightsThatAreNoNumbersAreToldApartFromAnAnswer() {
        byte[] bytes = Damage.read(weights);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = bytes.length - 4; at >= 8 + Damage.headerLength(bytes); at -= 4) {
            data.putFloat(at, Float.NaN);
        }
        Damage.write(weights, bytes);

        assertThat(sentence()).contains("the model's logits are not finite");
    }

    @Test
    void aDamagedTokenizerIsRefused() {
        Damage.cut(model.resolve("tokenizer.json"), 100);

        assertThat(sentence()).contains("tokenizer.json");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefused() {
        Path adapter = new Workplace(directory).lora("first", 1);
        Path inside = weights.resolve("merged");

        Run run = Run.graft("merge", "--adapter", adapter.toString(), "--output", inside.toString());

        assertThat(Damage.sentence(run)).contains(inside.toString());
    }
}
