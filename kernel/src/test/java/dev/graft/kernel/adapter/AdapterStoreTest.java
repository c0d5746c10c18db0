package dev.graft.kernel.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterStoreTest {
    private static final ModelView MODEL =
            new ModelView(new ModelDescription("some", "Some", Task.CAUSAL_LM, 1, 4, 1, 1, 4, 8, 16, 0, -1), List.of());
    private static final TensorData WEIGHT = TensorData.of(Shape.of(2), 1, 2);
    private static final TensorData ENCODER = TensorData.of(Shape.of(1), 3);

    private final ScaleMethod scale = new ScaleMethod("scale", "1.0.0", "SCALE");
    private final ScaleMethod shift = new ScaleMethod("shift", "2.1.0", "SHIFT");
    private final PluginRegistry registry = registry(scale, shift);
    private final AdapterStore store = new AdapterStore(registry);

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void setUp() {
        target = folder.resolve("adapter");
    }

    @Test
    void oneAttachmentLiesWhereTheLibraryOfItsFormatLooksForIt() throws IOException {
        store.save(target, "base", List.of(attachment("mine", scale)));

        assertThat(entries(target))
                .containsExactly(
                        "README.md",
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "graft_manifest.json",
                        "training_state.safetensors");
        assertThat(entries(folder)).containsExactly("adapter");
        try (StoredAdapter adapter = store.load(target)) {
            assertThat(adapter.basePath()).hasValue("base");
            StoredAttachment stored = adapter.attachments().get(0);
            assertThat(stored.name()).isEqualTo("mine");
            assertThat(stored.method()).isEqualTo(scale);
            assertThat(stored.configuration()).isEqualTo(Map.of("factor", 2));
            assertThat(stored.state()).containsOnlyKeys("w");
            assertThat(stored.state().get("w").gather()).isEqualTo(WEIGHT.gather());
            assertThat(stored.sideState().get("encoder").gather()).isEqualTo(ENCODER.gather());
        }
    }

    @Test
    void severalAttachmentsKeepTheirOrderInFoldersOfTheirOwn() throws IOException {
        store.save(target, "base", List.of(attachment("second", shift), attachment("first", scale)));

        assertThat(entries(target)).containsExactly("README.md", "first", "graft_manifest.json", "second");
        try (StoredAdapter adapter = store.load(target)) {
            assertThat(adapter.attachments())
                    .extracting(
                            StoredAttachment::name, stored -> stored.method().id(), StoredAttachment::directory)
                    .containsExactly(
                            tuple("second", "shift", target.resolve("second")),
                            tuple("first", "scale", target.resolve("first")));
        }
        assertThat(store.list(target)).isEqualTo(Map.of("default", target));
    }

    @Test
    void anOlderAdapterIsReplacedWithAllItsFolders() throws IOException {
        store.save(target, "base", List.of(attachment("a", scale), attachment("b", shift)));
        store.save(target, "base", List.of(attachment("c", scale)));

        assertThat(entries(target)).doesNotContain("a", "b").contains("adapter_config.json");
        assertThat(entries(folder)).containsExactly("adapter");
    }

    @Test
    void aFolderThatHoldsMoreThanAnAdapterIsNotReplaced() throws IOException {
        store.save(target, "base", List.of(attachment("a", scale)));
        Files.createFile(target.resolve("metrics.jsonl"));

        assertThatThrownBy(() -> store.save(target, "base", List.of(attachment("a", scale))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + target + ": it holds metrics.jsonl, which would be lost; name another"
                        + " folder or move that away");
    }

    @Test
    void aFailureWhileSavingLeavesTheOlderAdapterAsItWas() throws IOException {
        store.save(target, "base", List.of(attachment("old", scale)));
        TensorData broken = new TensorData(DType.UINT8, Shape.of(1), consumer -> {
            throw new IllegalStateException("device lost");
        });
        NewAttachment failing = new NewAttachment("new", shift, Map.of(), MODEL, Map.of("w", broken), Map.of());

        assertThatThrownBy(() -> store.save(target, "base", List.of(attachment("a", scale), failing)))
                .hasMessage("device lost");

        assertThat(entries(folder)).containsExactly("adapter");
        try (StoredAdapter adapter = store.load(target)) {
            assertThat(adapter.attachments()).extracting(StoredAttachment::name).containsExactly("old");
        }
    }

    @Test
    void thePeftLayoutOfAlternativesIsRead() {
        peft(folder, "SCALE");
        peft(folder.resolve("other"), "SHIFT");

        assertThat(store.list(folder)).isEqualTo(Map.of("default", folder, "other", folder.resolve("other")));
        try (StoredAdapter root = store.load(folder);
                StoredAdapter other = store.load(folder.resolve("other"))) {
            assertThat(root.attachments()).extracting(StoredAttachment::method).containsExactly(scale);
            assertThat(other.attachments()).extracting(StoredAttachment::method).containsExactly(shift);
            assertThat(other.attachments().get(0).name()).isEqualTo("other");
            assertThat(other.attachments().get(0).sideState()).isEmpty();
        }
    }

    @Test
    void aFolderOfAlternativesWithoutADefaultAsksForOne() {
        peft(folder.resolve("b"), "SCALE");
        peft(folder.resolve("a"), "SCALE");

        refuses(folder, folder + " holds several adapters, name one of its folders: a, b");
    }

    @Test
    void theVersionThatMadeAnAdapterReadsItAndANewerOneWhereThatIsGone() {
        store.save(target, "base", List.of(attachment("a", scale)));
        ScaleMethod newer = new ScaleMethod("scale", "1.5.0", "SCALE");

        try (StoredAdapter both = new AdapterStore(registry(newer, scale)).load(target);
                StoredAdapter alone = new AdapterStore(registry(newer)).load(target)) {
            assertThat(both.attachments().get(0).method()).isEqualTo(scale);
            assertThat(alone.attachments().get(0).method()).isEqualTo(newer);
        }
    }

    @Test
    void anUnknownTechniqueListsThoseInstalled() {
        peft(folder, "ROTATE");

        refuses(
                folder,
                folder.resolve("adapter_config.json") + " has peft_type 'ROTATE' and fits no installed method; the"
                        + " plugin that reads it is missing, installed methods: scale, shift");
    }

    @Test
    void anAdapterOfAMethodThatIsNotInstalledNamesIt() {
        store.save(target, "base", List.of(attachment("a", scale), attachment("b", shift)));

        assertThatThrownBy(() -> new AdapterStore(registry(shift)).load(target))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the adapter in " + target.resolve("a") + " was made by method 'scale' (version 1.0.0),"
                        + " for which no plugin is installed; installed methods: shift");
    }

    @Test
    void aMissingWeightsFileIsNamedAndAPickleFileIsRefused() throws IOException {
        peft(folder, "SCALE");
        Files.delete(folder.resolve("adapter_model.safetensors"));

        refuses(
                folder,
                folder + " has adapter_config.json but not adapter_model.safetensors, where its tensors must be");
        Files.createFile(folder.resolve("adapter_model.bin"));
        refuses(
                folder,
                folder + " has adapter_config.json but not adapter_model.safetensors; adapter_model.bin is a pickle"
                        + " file, which may run any program when it is read: load it once in Python and save it again"
                        + " with safe_serialization=True");
    }

    @Test
    void whatAMethodCannotDoIsReportedWithTheFile() {
        peft(folder, "SCALE");
        JsonFile.write(folder.resolve("adapter_config.json"), Map.of("peft_type", "SCALE", "impossible", true));

        refuses(folder, "in " + folder.resolve("adapter_config.json") + ": key 'impossible' is not supported");
    }

    @Test
    void aFolderWithoutAnAdapterIsRefused() {
        refuses(folder, folder + " holds no adapter: it has no adapter_config.json");
        refuses(target, "the adapter directory " + target + " does not exist");
    }

    @Test
    void aManifestThatLeavesItsDirectoryIsRefused() {
        Map<String, Object> entry = Map.of("folder", "../x", "name", "x", "method", "scale", "version", "1");
        JsonFile.write(
                folder.resolve("graft_manifest.json"), Map.of("manifest_version", 1, "attachments", List.of(entry)));

        assertThatThrownBy(() -> store.load(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(folder.resolve("graft_manifest.json") + " has the attachment {")
                .hasMessageEndingWith(
                        "but each must have folder (a sub-folder's name or '.'), name, method and" + " version");
    }

    @Test
    void aManifestOfAnotherVersionIsRefused() {
        JsonFile.write(folder.resolve("graft_manifest.json"), Map.of("manifest_version", 2));

        refuses(
                folder,
                folder.resolve("graft_manifest.json")
                        + " has manifest_version 2, but only 1 is understood: it was written by another version of"
                        + " Graft");
    }

    @Test
    void namesThatCannotBeFoldersAreRefused() {
        assertThatThrownBy(() -> store.save(target, "base", List.of(attachment("../up", scale))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("an adapter cannot be named '../up'");
        assertThatThrownBy(() -> store.save(target, "base", List.of(attachment("a", scale), attachment("a", shift))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("two adapters are named 'a', but each name may be given once");
    }

    @Test
    void theModelCardTagsTheBaseModelAndCountsParameters() throws IOException {
        store.save(target, "org/base \"x\"", List.of(attachment("mine", scale)));

        assertThat(Files.readString(target.resolve("README.md")))
                .startsWith("""
                        ---
                        base_model: "org/base \\"x\\""
                        library_name: peft
                        tags:
                        - "base_model:adapter:org/base \\"x\\""
                        - scale
                        - graft
                        ---
                        """)
                .contains("| mine | scale | 1.0.0 | 1 | 2 |");
    }

    @Test
    void anAdapterMovedAsideByAKilledProcessIsFoundAgain() throws IOException {
        store.save(target, "base", List.of(attachment("mine", scale)));
        Files.move(target, folder.resolve(".adapter.previous"));

        try (StoredAdapter adapter = store.load(target)) {
            assertThat(adapter.attachments()).hasSize(1);
        }
    }

    private void refuses(Path directory, String sentence) {
        assertThatThrownBy(() -> store.load(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(sentence);
    }

    @Test
    void ofSeveralMethodsThatRecogniseAFileTheOneThatPrefersItReadsIt() throws IOException {
        ScaleMethod twin = new ScaleMethod("twin", "1.0.0", "SCALE");
        AdapterStore both = new AdapterStore(registry(scale, twin));
        for (ScaleMethod best : List.of(scale, twin)) {
            Path found = Files.createDirectories(folder.resolve(best.id()));
            peft(found, "SCALE");
            JsonFile.write(
                    found.resolve("adapter_config.json"), Map.of("peft_type", "SCALE", "best_read_by", best.id()));
            try (StoredAdapter adapter = both.load(found)) {
                assertThat(adapter.attachments().get(0).method()).isEqualTo(best);
            }
        }
    }

    @Test
    void theMethodThatMadeAnAdapterReadsItWhateverOthersPrefer() {
        ScaleMethod twin = new ScaleMethod("twin", "1.0.0", "SCALE");
        AdapterStore both = new AdapterStore(registry(scale, twin));
        NewAttachment made =
                new NewAttachment("mine", twin, Map.of("best_read_by", "scale"), MODEL, Map.of("w", WEIGHT), Map.of());
        both.save(target, "base", List.of(made));
        try (StoredAdapter adapter = both.load(target)) {
            assertThat(adapter.attachments().get(0).method()).isEqualTo(twin);
        }
    }

    private static NewAttachment attachment(String name, MethodProvider<?> method) {
        return new NewAttachment(
                name, method, Map.of("factor", 2), MODEL, Map.of("w", WEIGHT), Map.of("encoder", ENCODER));
    }

    private static void peft(Path directory, String type) {
        JsonFile.write(
                directory.resolve("adapter_config.json"), Map.of("peft_type", type, "base_model_name_or_path", "base"));
        SafetensorsWriter.write(
                directory.resolve("adapter_model.safetensors"),
                Map.of("w", TensorData.of(DType.UINT8, Shape.of(1), ByteBuffer.allocate(1))));
    }

    private static PluginRegistry registry(ScaleMethod... methods) {
        PluginRegistry registry = new PluginRegistry();
        for (ScaleMethod method : methods) {
            registry.add(Plugin.of(PluginKind.METHOD, method, "test"));
        }
        return registry;
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
