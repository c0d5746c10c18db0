package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.standalone.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeCommandTest {
    @TempDir
    Path directory;

    private Workplace place;
    private String model;
    private String merged;

    @BeforeEach
    void writeModel() {
        place = new Workplace(directory);
        model = place.model().toString();
        merged = directory.resolve("merged").toString();
    }

    private static List<String> texts(String... from) {
        String[] asked = {"generate", "--json", "--max-new-tokens", "8", "--prompt", "one", "--prompt", "two three"};
        String[] all = Arrays.copyOf(asked, asked.length + from.length);
        System.arraycopy(from, 0, all, asked.length, from.length);
        return Lines.texts(Run.graft(all));
    }

    @Test
    void theMergedModelSaysWhatModelAndAdapterSay() {
        String adapter = place.lora("first", 1).toString();

        Run run = Run.graft("merge", "--model", model, "--adapter", adapter, "--output", merged);

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("wrote " + merged);
        assertThat(texts("--model", merged))
                .isEqualTo(texts("--model", model, "--adapter", adapter))
                .isNotEqualTo(texts("--model", model));
        assertThat(Path.of(merged, "tokenizer.json")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"full", "{id: full, trainable_layers: 1}", "{id: lora, r: 2, init_lora_weights: false}"})
    void aModelTrainedFromScratchIsWrittenAsTrained(String method) {
        String run = place.run("scratch", place.blank(), true, method).toString();

        assertThat(Run.graft("merge", run, "--output", merged).err()).isEmpty();

        assertThat(texts("--model", merged)).isEqualTo(texts(run)).isNotEqualTo(texts(run, "--adapter", "base"));
    }

    @Test
    void whatFullTrainingFromScratchLearntIsKeptToTheBit() throws IOException {
        Path run = place.run("scratch", place.blank(), true, "full");

        Run.graft("merge", run.toString(), "--output", merged);

        try (SafetensorsFile trained = SafetensorsFile.open(run.resolve("adapter/adapter_model.safetensors"));
                Checkpoint written = Checkpoint.open(Path.of(merged))) {
            assertThat(written.tensors()).hasSameSizeAs(trained.tensors());
            trained.contents()
                    .forEach((name, data) -> assertThat(bytes(written.tensor(name.replace("base_model.model.", ""))))
                            .as(name)
                            .isEqualTo(bytes(data)));
        }
    }

    private static byte[] bytes(TensorData data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        data.elements().forEachPiece(piece -> {
            try {
                Channels.newChannel(bytes).write(piece);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"bfloat16, BFLOAT16", "float16, FLOAT16"})
    void anotherElementTypeIsForAllTensorsAndStandsInTheConfig(String name, DType dtype) {
        String adapter = place.lora("first", 1).toString();

        Run run = Run.graft(
                "merge", "--model", model, "--adapter", adapter, "--output", merged, "--dtype", name, "--json");

        assertThat(Lines.of(run).get(0).path("files").toString()).contains("model.safetensors");
        try (Checkpoint written = Checkpoint.open(Path.of(merged));
                Checkpoint base = Checkpoint.open(Path.of(model))) {
            assertThat(written.tensors())
                    .hasSameSizeAs(base.tensors())
                    .allSatisfy(tensor -> assertThat(tensor.dtype()).isEqualTo(dtype));
            assertThat(written.config().text("torch_dtype")).contains(name);
        }
        assertThat(texts("--model", merged)).hasSize(2);
    }

    @Test
    void withoutAnElementTypeEachTensorKeepsItsOwn() {
        String adapter = place.lora("first", 1).toString();
        String half = directory.resolve("half").toString();
        Run.graft("merge", "--model", model, "--adapter", adapter, "--output", half, "--dtype", "bfloat16");

        Run.graft("merge", "--model", half, "--adapter", adapter, "--output", merged);

        try (Checkpoint written = Checkpoint.open(Path.of(merged))) {
            assertThat(written.tensors())
                    .isNotEmpty()
                    .allSatisfy(tensor -> assertThat(tensor.dtype()).isEqualTo(DType.BFLOAT16));
            assertThat(written.config().text("torch_dtype")).contains("bfloat16");
        }
    }

    @Test
    void aClassifierIsWrittenWithItsHeadAndTheNamesOfItsClasses() {
        Path run = place.classifier("classifier");

        assertThat(Run.graft("merge", run.toString(), "--output", merged).err()).isEmpty();

        try (Checkpoint written = Checkpoint.open(Path.of(merged))) {
            assertThat(written.config().architectures()).containsExactly("LlamaForSequenceClassification");
            assertThat(written.config().asMap().get("id2label")).isEqualTo(Map.of("0", "no", "1", "yes"));
            assertThat(written.find("score.weight"))
                    .hasValueSatisfying(head -> assertThat(head.shape()).isEqualTo(Shape.of(2, 16)));
        }
        Run generated = Run.graft("generate", "--model", merged, "--prompt", "one");
        assertThat(Damage.sentence(generated)).contains("text is generated by causal language models");
    }

    @Test
    void smallShardsMakeSeveralFilesThatReadAsOne() throws IOException {
        String adapter = place.lora("first", 1).toString();

        Run.graft("merge", "--model", model, "--adapter", adapter, "--output", merged, "--shard-size", "4KB");

        assertThat(Path.of(merged, "model.safetensors.index.json")).exists();
        assertThat(Path.of(merged, "model.safetensors")).doesNotExist();
        assertThat(texts("--model", merged)).isEqualTo(texts("--model", model, "--adapter", adapter));
    }

    @Test
    void aDirectoryWithFilesIsReplacedOnlyWhenAskedTo() throws IOException {
        String adapter = place.lora("first", 1).toString();
        String[] command = {"merge", "--model", model, "--adapter", adapter, "--output", merged};
        Run.graft(command);
        byte[] before = Files.readAllBytes(Path.of(merged, "model.safetensors"));

        Run again = Run.graft(command);
        Run.graft(
                "merge",
                "--model",
                model,
                "--adapter",
                place.lora("second", 2).toString(),
                "--output",
                merged,
                "--overwrite");

        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err())
                .isEqualToIgnoringNewLines("graft: --output " + merged
                        + " is not empty; name another directory, or give" + " --overwrite to replace a model in it");
        assertThat(Files.readAllBytes(Path.of(merged, "model.safetensors"))).isNotEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model MODEL --output OUT | there is nothing to merge; give RUN, a directory that graft train wrote,"
                        + " or --adapter beside --model",
                "--model MODEL --adapter base --output OUT | there is nothing to merge; give RUN, a directory that graft"
                        + " train wrote, or --adapter beside --model",
                "--model MODEL --adapter ADAPTER --output MODEL | --output MODEL is the base model itself; name another"
                        + " directory",
                "--model MODEL --adapter ADAPTER --output MODEL/config.json | --output MODEL/config.json is a file; it"
                        + " must be a directory, or not exist",
                "--model MODEL --adapter ADAPTER | Missing required option: '--output=DIR' (see graft merge --help)",
                "--model MODEL --adapter ADAPTER --output OUT --shard-size 5XB | Invalid value for option"
                        + " '--shard-size': '5XB' is not a size; allowed are numbers above 0 with a unit, such as 500MB"
                        + " or 5GB (see graft merge --help)"
            })
    void whatDoesNotFitIsOneSentenceAndNothingIsWritten(String arguments, String message) {
        String adapter = place.lora("first", 1).toString();
        String[] words = ("merge " + arguments)
                .replace("MODEL", model)
                .replace("ADAPTER", adapter)
                .replace("OUT", merged)
                .split(" ", -1);

        Run run = Run.graft(words);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("graft: " + message.replace("MODEL", model));
        assertThat(Path.of(merged)).doesNotExist();
    }
}
