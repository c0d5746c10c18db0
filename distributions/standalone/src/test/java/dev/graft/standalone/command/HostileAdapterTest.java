package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands say of adapters that are damaged, or made to harm. */
class HostileAdapterTest {
    @TempDir
    Path directory;

    private Path model;
    private Path adapter;
    private Path weights;

    @BeforeEach
    void writeAdapter() {
        Workplace place = new Workplace(directory);
        model = place.model();
        adapter = place.lora("first", 1);
        weights = adapter.resolve("adapter_model.safetensors");
    }

    private Run generate() {
        return Run.graft("generate", "--model", model.toString(), "--adapter", adapter.toString(), "--prompt", "one");
    }

    private String sentence() {
        String sentence = Damage.sentence(generate());
        Path merged = directory.resolve("merged");
        Damage.sentence(Run.graft(
                "merge", "--model", model.toString(), "--adapter", adapter.toString(), "--output", merged.toString()));
        assertThat(merged).doesNotExist();
        return sentence;
    }

    @Test
    void aFolderOutsideTheAdapterIsRefused() {
        Damage.text(adapter.resolve("graft_manifest.json"), "\"folder\"( *): *\"\\.\"", "\"folder\": \"../first\"");

        assertThat(sentence())
                .contains("graft_manifest.json has the attachment", "folder (a sub-folder's name or '.')");
        assertThat(Damage.sentence(Run.graft("inspect", adapter.toString()))).contains("../first");
    }

    @Test
    void aPickleFileIsRefusedWithTheWayOut() throws IOException {
        Files.move(weights, adapter.resolve("adapter_model.bin"));

        assertThat(sentence())
                .contains("adapter_model.bin is a pickle file", "safe_serialization=True")
                .contains(adapter.toString());
    }

    @Test
    void missingWeightsAreTold() throws IOException {
        Files.delete(weights);

        assertThat(sentence()).contains("has adapter_config.json but not adapter_model.safetensors");
    }

    @Test
    void aTruncatedFileIsRefused() {
        Damage.cut(weights, 3);

        assertThat(sentence()).contains(weights.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"shape\":\\[4,16] | \"shape\":[16,4] | [16, 4]",
                "\"dtype\":\"F32\" | \"dtype\":\"I32\" | holds elements of type I32 where a parameter must hold",
                "layers.0 | layers.9 | layers.",
                "lora_A | lora_C | lora_"
            })
    void tensorsThatDoNotFitTheModelAreRefused(String pattern, String replacement, String message) {
        Damage.header(weights, header -> header.replaceFirst(pattern, replacement));

        assertThat(sentence()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"LORA\" | \"MAGIC\" | has peft_type 'MAGIC' and fits no installed method",
                "\"r\" *: *4 | \"r\": \"four\" | r",
                "\"r\" *: *4 | \"r\": 0 | r",
                "\"r\" *: *4 | \"r\": 8 | shape",
                "\"lora_alpha\" | \"lora_alpa\" | lora_alpa",
                "^\\{ | [ | adapter_config.json"
            })
    void aDescriptionThatMakesNoSenseIsRefused(String pattern, String replacement, String message) throws IOException {
        Files.delete(adapter.resolve("graft_manifest.json"));
        Damage.text(adapter.resolve("adapter_config.json"), pattern, replacement);

        assertThat(sentence()).contains(message);
    }
}
