package dev.graft.kernel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.safetensors.TensorInfo;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final TensorData ONE = TensorData.of(Shape.of(1), 1);
    private static final TensorData TWO = TensorData.of(Shape.of(2), 2, 3);

    @TempDir
    Path folder;

    @Test
    void aModelInOneFileIsOpened() {
        config();
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("a", ONE, "b", TWO));
        JsonFile.write(folder.resolve("generation_config.json"), Map.of("eos_token_id", List.of(2, 3)));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.config().modelType()).isEqualTo("some");
            assertThat(checkpoint.generationConfig().orElseThrow().numbers("eos_token_id"))
                    .containsExactly(2.0, 3.0);
            assertThat(checkpoint.tensors())
                    .extracting(TensorInfo::name, TensorInfo::dtype, TensorInfo::shape, TensorInfo::bytes)
                    .containsExactly(
                            tuple("a", DType.FLOAT32, Shape.of(1), 4L), tuple("b", DType.FLOAT32, Shape.of(2), 8L));
            assertThat(checkpoint.contains("c")).isFalse();
            assertThat(checkpoint.tensor("b").gather()).isEqualTo(TWO.gather());
            assertThatThrownBy(() -> checkpoint.tensor("c"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(folder + " has no tensor 'c' among its 2");
        }
    }

    @Test
    void aModelInShardsIsOpened() {
        config();
        shards(Map.of("a", "s1.safetensors", "b", "s2.safetensors"));
        SafetensorsWriter.write(folder.resolve("s1.safetensors"), Map.of("a", ONE));
        SafetensorsWriter.write(folder.resolve("s2.safetensors"), Map.of("b", TWO));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("a", "b");
            assertThat(checkpoint.find("b").orElseThrow().shape()).isEqualTo(Shape.of(2));
            assertThat(checkpoint.homes()).containsEntry("b", folder.resolve("s2.safetensors"));
        }
    }

    @Test
    void aMissingShardIsNamed() {
        config();
        shards(Map.of("a", "s1.safetensors", "b", "s2.safetensors"));
        SafetensorsWriter.write(folder.resolve("s1.safetensors"), Map.of("a", ONE));

        refuses(folder.resolve("model.safetensors.index.json") + " names the shard s2.safetensors, which is missing in "
                + folder + "; it must hold 2 shards");
    }

    @Test
    void aTensorThatTheIndexPromisesInVainIsNamed() {
        config();
        shards(Map.of("a", "s1.safetensors", "b", "s1.safetensors"));
        SafetensorsWriter.write(folder.resolve("s1.safetensors"), Map.of("a", ONE));

        refuses(folder.resolve("model.safetensors.index.json")
                + " says that tensor b is in s1.safetensors, but it is not there");
    }

    @Test
    void aTensorInTwoShardsIsNamed() {
        config();
        shards(Map.of("a", "s1.safetensors", "b", "s2.safetensors"));
        SafetensorsWriter.write(folder.resolve("s1.safetensors"), Map.of("a", ONE));
        SafetensorsWriter.write(folder.resolve("s2.safetensors"), Map.of("a", ONE, "b", TWO));

        refuses("tensor a is in s2.safetensors as well as in s1.safetensors, but "
                + folder.resolve("model.safetensors.index.json") + " allows it in the latter alone");
    }

    @Test
    void aTensorInTwoShardsThatTheIndexDoesNotKnowIsNamed() {
        config();
        shards(Map.of("a", "s1.safetensors", "b", "s2.safetensors"));
        SafetensorsWriter.write(folder.resolve("s1.safetensors"), Map.of("a", ONE, "c", ONE));
        SafetensorsWriter.write(folder.resolve("s2.safetensors"), Map.of("b", TWO, "c", ONE));

        refuses("tensor c is in " + folder.resolve("s1.safetensors") + " as well as in "
                + folder.resolve("s2.safetensors") + ", but is allowed once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.safetensors", "/etc/passwd", "a\\b", ""})
    void aShardOutsideTheDirectoryIsRefused(String shard) {
        config();
        shards(Map.of("a", shard));

        refuses(folder.resolve("model.safetensors.index.json") + " puts tensor a into '" + shard
                + "', but a shard must be a file beside it");
    }

    @Test
    void anIndexWithoutAWeightMapIsRefused() {
        config();
        JsonFile.write(folder.resolve("model.safetensors.index.json"), Map.of("metadata", Map.of()));

        refuses(folder.resolve("model.safetensors.index.json")
                + " must have a key weight_map that maps tensors to files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "consolidated.00.pth", "model.ckpt"})
    void aPickleFileIsRefusedWithAdvice(String name) throws IOException {
        config();
        Files.createFile(folder.resolve(name));

        refuses(folder + " holds weights as " + name + ", a pickle file, which may run any program when it is read;"
                + " load it once in Python with transformers and store it by save_pretrained(folder,"
                + " safe_serialization=True) to get model.safetensors");
    }

    @Test
    void aDirectoryWithoutWeightsIsRefusedUnlessNoneAreAskedFor() throws IOException {
        config();
        Files.createFile(folder.resolve("tf_model.h5"));

        refuses(folder + " has neither model.safetensors nor model.safetensors.index.json; tf_model.h5 is in a form"
                + " that is not read");
        try (Checkpoint fresh = Checkpoint.openWithoutWeights(folder)) {
            assertThat(fresh.tensors()).isEmpty();
            assertThat(fresh.config().modelType()).isEqualTo("some");
        }
    }

    @Test
    void aDirectoryThatIsNoModelIsRefused() {
        refuses(folder + " has no config.json, which every model directory must have");
        JsonFile.write(folder.resolve("adapter_config.json"), Map.of());
        refuses(folder + " has no config.json: it holds an adapter, not a model");
        Path missing = folder.resolve("none");
        assertThatThrownBy(() -> Checkpoint.open(missing))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the model directory " + missing + " does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRAFT_FIXTURES:models:../../shared/fixtures", "GRAFT_REAL:models:../../shared/real"})
    void everyReferenceModelIsOpened(String place) throws IOException {
        String[] parts = place.split(":", -1);
        Path models = Path.of(System.getenv().getOrDefault(parts[0], parts[2])).resolve(parts[1]);
        assumeThat(models).as("reference models").isDirectory();
        try (Stream<Path> cases = Files.list(models)) {
            for (Path directory : cases.toList()) {
                try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                    assertThat(checkpoint.tensors()).as(directory.toString()).isNotEmpty();
                    assertThat(checkpoint.config().architectures()).hasSize(1);
                }
            }
        }
    }

    private void config() {
        JsonFile.write(folder.resolve("config.json"), Map.of("model_type", "some"));
    }

    private void shards(Map<String, String> homes) {
        JsonFile.write(folder.resolve("model.safetensors.index.json"), Map.of("weight_map", homes));
    }

    private void refuses(String sentence) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(sentence);
    }
}
