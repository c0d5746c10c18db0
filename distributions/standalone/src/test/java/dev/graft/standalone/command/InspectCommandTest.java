package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.engine.Shape;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir
    Path directory;

    @Test
    void blocksOfACheckpointShareALine() {
        Run run = Run.graft(
                "inspect", SampleCheckpoint.write(directory.resolve("base")).toString());

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .anySatisfy(line -> assertThat(line).matches("model_type +llama"))
                .anySatisfy(line -> assertThat(line).matches("parameters +12"))
                .anySatisfy(line -> assertThat(line).matches("model\\.layers\\.\\*\\.norm\\.weight +2 +F32 +4 +\\[2]"));
    }

    @Test
    void everyTensorHasALineForWhoeverAsks() throws IOException {
        Run run = Run.graft(
                "inspect", SampleCheckpoint.write(directory.resolve("base")).toString(), "--tensors", "--json");

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("tensors"))
                .extracting(tensor -> tensor.path("name").asText())
                .containsExactlyInAnyOrder(
                        "model.embed_tokens.weight", "model.layers.0.norm.weight", "model.layers.1.norm.weight");
        assertThat(json.path("parameters").asLong()).isEqualTo(12);
    }

    @Test
    void anAdapterIsSetAgainstItsBase() throws IOException {
        Path base = SampleCheckpoint.write(directory.resolve("base"));
        Path adapter = Files.createDirectories(directory.resolve("adapter"));
        JsonFile.write(
                adapter.resolve("adapter_config.json"),
                Map.of(
                        "peft_type",
                        "LORA",
                        "r",
                        1,
                        "target_modules",
                        List.of("norm"),
                        "base_model_name_or_path",
                        base.toString()));
        SafetensorsWriter.write(
                adapter.resolve("adapter_model.safetensors"),
                Map.of("base_model.model.x.lora_A.weight", TensorData.of(Shape.of(1, 4), new float[4])));

        Run run = Run.graft("inspect", adapter.toString());

        assertThat(run.out()).contains("trainable params: 4 || all params: 16 || trainable%: 25.0000");
        assertThat(run.out()).contains("base_model").contains(base.toString());
    }

    @Test
    void whatCannotBeInspectedIsBadInput() {
        Run empty = Run.graft("inspect", directory.toString());
        Run missing = Run.graft("inspect", directory.resolve("missing").toString());

        assertThat(empty.code()).isEqualTo(2);
        assertThat(empty.err())
                .isEqualToIgnoringNewLines("graft: " + directory
                        + " holds no checkpoint (config.json), no adapter of an installed method and no tokenizer");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err())
                .isEqualToIgnoringNewLines("graft: there is no directory " + directory.resolve("missing"));
    }
}
