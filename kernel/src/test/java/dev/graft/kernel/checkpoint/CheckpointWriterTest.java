package dev.graft.kernel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.safetensors.TensorInfo;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
    private static final Map<String, Object> CONFIG = Map.of("model_type", "some");

    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void setUp() {
        target = folder.resolve("merged");
        tensors.put("large", TensorData.of(Shape.of(4), 1, 2, 3, 4));
        tensors.put("b", TensorData.of(Shape.of(1), 5));
        tensors.put("a", TensorData.of(Shape.of(1), 6));
    }

    @Test
    void aSmallModelIsOneFile() throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");

        CheckpointWriter.write(target, CONFIG, tensors, List.of(tokenizer), CheckpointWriter.DEFAULT_SHARD_BYTES);

        assertThat(entries(target)).containsExactly("config.json", "model.safetensors", "tokenizer.json");
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.config().asMap()).isEqualTo(CONFIG);
            assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("a", "b", "large");
        }
    }

    @Test
    void aLargeModelIsSplitInTheOrderGivenAndATensorLargerThanAShardIsAlone() throws IOException {
        CheckpointWriter.write(target, CONFIG, tensors, List.of(), 8);

        assertThat(entries(target))
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(JsonFile.read(target.resolve("model.safetensors.index.json")))
                .containsEntry("metadata", Map.of("total_size", 24, "total_parameters", 6))
                .containsEntry(
                        "weight_map",
                        Map.of(
                                "large", "model-00001-of-00002.safetensors",
                                "a", "model-00002-of-00002.safetensors",
                                "b", "model-00002-of-00002.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.tensor("large").gather())
                    .isEqualTo(tensors.get("large").gather());
        }
    }

    @Test
    void anOlderModelIsReplacedWithItsShards() throws IOException {
        CheckpointWriter.write(target, CONFIG, tensors, List.of(), 8);
        CheckpointWriter.write(target, CONFIG, tensors, List.of(), 100);

        assertThat(entries(target)).containsExactly("config.json", "model.safetensors");
    }

    @Test
    void aFolderOfSomethingElseIsNotReplaced() throws IOException {
        Files.createDirectories(target.resolve("photos"));

        assertThatThrownBy(() -> CheckpointWriter.write(target, CONFIG, tensors, List.of(), 100))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it holds photos, which would be lost");
        assertThat(entries(target)).containsExactly("photos");
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
