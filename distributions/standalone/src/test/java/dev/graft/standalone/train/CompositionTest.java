package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.train.Trainer;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several methods in one run: trained, stopped, resumed, written as one directory, and loaded from it. */
class CompositionTest {
    private static final String[] SHORT = {"training.epochs=null", "training.steps=4", "data.eval=null"};
    private static final String LORA = "{id: lora, r: 2, lora_dropout: 0.1, target_modules: [c_attn]}";
    private static final String PREFIX = "{id: prefix, num_virtual_tokens: 3, encoder_hidden_size: 8}";

    @TempDir
    private Path directory;

    private final Trainer trainer = SmallRun.trainer();
    private SmallRun run;

    @BeforeEach
    void prepare() {
        run = SmallRun.in(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lora, prefix, bitfit | " + LORA + ", " + PREFIX + ", bitfit",
                "prefix, adapter | " + PREFIX + ", {id: adapter, kind: parallel, reduction_factor: 4}",
                "adapter, lora | {id: adapter, kind: pfeiffer, reduction_factor: 4},"
                        + " {id: lora, r: 2, target_modules: [c_attn, adapter_up]}",
            })
    void methodsThatLearnTogetherGoOnAndLoadToTheBit(String folders, String methods) throws IOException {
        composed(List.of(folders.split(", ")), "method=[" + methods + "]");
    }

    @Test
    void aMethodLearnsOnTopOfAFrozenFirst() throws IOException {
        Path first = trained("first", "method=" + LORA);

        Path adapter =
                composed(List.of("lora", "prefix"), "method=[{adapter: " + first + ", frozen: true}, " + PREFIX + "]");

        assertThat(files(adapter.resolve("lora"))).isEqualTo(files(first));
    }

    @Test
    void aFusionLearnsUponAdaptersThatStayAsTheyWere() throws IOException {
        Path one = trained("one", "method={id: adapter, name: a, kind: houlsby, reduction_factor: 4}");
        Path two = trained("two", "method={id: adapter, name: b, kind: pfeiffer, reduction_factor: 8}");

        Path adapter = composed(
                List.of("a", "b", "adapter-fusion"), "method={id: adapter-fusion, parts: [" + one + ", " + two + "]}");

        assertThat(files(adapter.resolve("a"))).isEqualTo(files(one));
        assertThat(files(adapter.resolve("b"))).isEqualTo(files(two));
    }

    @Test
    void partsThatCouldNotBeSavedSideBySideAreRefusedBeforeAnythingIsLearnt() throws IOException {
        Path one = trained("one", "method={id: adapter, kind: pfeiffer, reduction_factor: 4}");
        Path two = trained("two", "method={id: adapter, kind: pfeiffer, reduction_factor: 8}");
        String[] fusion = with("method={id: adapter-fusion, parts: [" + one + ", " + two + "]}");

        assertThatThrownBy(() -> Recording.of(trainer.train(run.recipe("whole", fusion))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("two adapters are named 'adapter', but each name may be given once");
        assertThat(run.output("whole").resolve("metrics.jsonl")).doesNotExist();
    }

    private Path trained(String name, String methods) {
        return Recording.of(trainer.train(run.recipe(name, with(methods))))
                .finished()
                .adapter();
    }

    private static String[] with(String methods) {
        return Stream.concat(Stream.of(methods), Stream.of(SHORT)).toArray(String[]::new);
    }

    /** Trains at one go and in two, and checks what is written. */
    private Path composed(List<String> folders, String methods) throws IOException {
        Recording whole = Recording.of(trainer.train(run.recipe("whole", with(methods))));
        Recording.untilStep(trainer.train(run.recipe("stopped", with(methods))), 2)
                .assertPartOf(whole);
        Recording rest = Recording.of(trainer.resume(run.output("stopped")));
        Path adapter = whole.finished().adapter();

        rest.assertPartOf(whole);
        assertThat(rest.steps().keySet()).containsExactly(3L, 4L);
        assertThat(files(rest.finished().adapter())).isEqualTo(files(adapter));
        assertThat(folders)
                .allSatisfy(folder -> assertThat(adapter.resolve(folder)).isDirectory());
        assertThat(JsonFile.read(adapter.resolve("graft_manifest.json")).toString())
                .contains(folders.stream().map(folder -> "folder=" + folder).toList());
        assertThat(loadedAndSaved(adapter)).isEqualTo(files(adapter));
        return adapter;
    }

    private Map<String, String> loadedAndSaved(Path adapter) throws IOException {
        Path again = directory.resolve("again");
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(
                        directory.resolve("model"),
                        new ModelLoader.Options(DType.FLOAT32, Task.CAUSAL_LM, 0, true, 7))) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            List<AttachedAdapter> loaded = loader.load(adapter, model);
            loader.save(again, "model", model, loaded);
            loaded.forEach(AttachedAdapter::release);
        }
        return files(again);
    }

    /** Contents of every file that says what was learned, by path. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".safetensors"))
                    .toList()) {
                contents.put(root.relativize(file).toString(), hexadecimal(file));
            }
        }
        assertThat(contents).isNotEmpty();
        return contents;
    }

    private static String hexadecimal(Path file) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(file));
    }
}
