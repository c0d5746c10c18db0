package dev.graft.kernel.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {
    private final HubServer server = new HubServer();
    private byte[] weights;

    @TempDir
    Path folder;

    private Path cache;

    @BeforeEach
    void setUp() throws IOException {
        cache = folder.resolve("hub");
        Path file = folder.resolve("w.safetensors");
        SafetensorsWriter.write(file, Map.of("w", TensorData.of(Shape.of(1000), new float[1000])));
        weights = Files.readAllBytes(file);
        server.files.put("config.json", "{\"model_type\":\"some\"}".getBytes(StandardCharsets.UTF_8));
        server.files.put("tokenizer.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.files.put("model.safetensors", weights);
        server.files.put("pytorch_model.bin", new byte[] {1});
        server.files.put("onnx/model.onnx", new byte[] {1});
    }

    @AfterEach
    void tearDown() {
        server.close();
    }

    @Test
    void aModelIsDownloadedIntoTheLayoutOfTheCache() throws IOException {
        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        Path repository = cache.resolve("models--org--name");
        assertThat(directory).isEqualTo(repository.resolve("snapshots").resolve(HubServer.COMMIT));
        assertThat(entries(directory)).containsExactly("config.json", "model.safetensors", "tokenizer.json");
        assertThat(repository.resolve("refs/main")).hasContent(HubServer.COMMIT);
        assertThat(entries(repository.resolve("blobs"))).hasSize(3).allMatch(name -> name.matches("[0-9a-f]{40,64}"));
        assertThat(Files.readSymbolicLink(directory.resolve("model.safetensors"))
                        .toString())
                .startsWith("../../blobs/");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensor("w").bytes()).isEqualTo(4000);
        }
    }

    @Test
    void aModelInTheCacheIsUsedWithoutAskingTheServer() {
        Path first = cache().directory("org/name", DownloadListener.SILENT);
        server.requests.clear();

        assertThat(cache().directory("org/name", DownloadListener.SILENT)).isEqualTo(first);
        assertThat(cache().directory("org/name@" + HubServer.COMMIT, DownloadListener.SILENT))
                .isEqualTo(first);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void shardsAreTakenFromTheIndex() throws IOException {
        server.files.remove("model.safetensors");
        server.files.put("model-1.safetensors", weights);
        server.files.put("consolidated.safetensors", weights);
        server.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"w\":\"model-1.safetensors\"}}".getBytes(StandardCharsets.UTF_8));

        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        assertThat(entries(directory))
                .containsExactly(
                        "config.json", "model-1.safetensors", "model.safetensors.index.json", "tokenizer.json");
    }

    @Test
    void adaptersAreDownloadedWithTheirFolders() {
        server.files.clear();
        server.files.put("adapter_config.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.files.put("adapter_model.safetensors", weights);
        server.files.put("other/adapter_config.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.files.put("other/adapter_model.safetensors", weights);
        server.files.put("logs/run.json", "{}".getBytes(StandardCharsets.UTF_8));

        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        assertThat(directory.resolve("other/adapter_config.json")).isRegularFile();
        assertThat(directory.resolve("other/adapter_model.safetensors")).hasBinaryContent(weights);
        assertThat(directory.resolve("logs")).doesNotExist();
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItStopped() {
        server.breaks.addAll(List.of(1500, 1000));

        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requests)
                .contains(
                        "STORAGE /model.safetensors",
                        "STORAGE /model.safetensors bytes=1500-",
                        "STORAGE /model.safetensors bytes=2500-");
    }

    @Test
    void aDownloadOfAnEarlierRunIsGoneOnWith() throws IOException {
        server.breaks.add(1000);
        server.breaks.addAll(Collections.nCopies(7, 0));
        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("model 'org/name' is not in the cache " + cache
                        + " and cannot be downloaded from " + server.endpoint() + ": ")
                .hasMessageEndingWith("; HF_ENDPOINT names another server");
        assertThat(entries(cache.resolve("models--org--name/blobs"))).anyMatch(name -> name.endsWith(".incomplete"));
        server.requests.clear();
        server.breaks.clear();

        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        assertThat(server.requests).contains("STORAGE /model.safetensors bytes=1000-");
        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void aServerThatCannotGoOnBeginsAgain() {
        server.ranges = false;
        server.breaks.add(1500);

        Path directory = cache().directory("org/name", DownloadListener.SILENT);

        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void aContentThatIsNotWhatWasAnnouncedIsDeleted() throws IOException {
        server.sentInstead = new byte[weights.length];

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("the downloaded file model.safetensors has SHA-256 [0-9a-f]{64}, but the server"
                        + " announced [0-9a-f]{64}; it was deleted, try again");
        assertThat(entries(cache.resolve("models--org--name/blobs"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-7, 7})
    void aContentOfAnotherSizeThanAnnouncedEndsTheDownload(int difference) {
        server.sentInstead = new byte[weights.length + difference];

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be downloaded");
    }

    @Test
    void theTokenGoesToTheHubAndNotToItsStorage() {
        server.neededToken = "secret";

        cache(Optional.of("secret"), false).directory("org/name", DownloadListener.SILENT);

        assertThat(server.requests)
                .contains("GET /api/models/org/name/revision/main Bearer secret", "STORAGE /model.safetensors")
                .noneMatch(request -> request.startsWith("STORAGE") && request.contains("secret"));
    }

    @Test
    void aRefusalSaysWhatATokenIsFor() {
        server.neededToken = "secret";

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(server.endpoint().getAuthority() + " refuses model 'org/name' at revision 'main' (status"
                        + " 401): it does not exist, or is private or gated and HF_TOKEN must hold a token that may"
                        + " read it");
    }

    @Test
    void anUnknownModelOrRevisionIsNamed() {
        assertThatThrownBy(() -> cache().directory("org/name@v2", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(server.endpoint().getAuthority() + " has no model 'org/name' at revision 'v2'");
    }

    @Test
    void aModelWithoutSafetensorsIsRefusedBeforeAnythingIsDownloaded() {
        server.files.remove("model.safetensors");

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("model 'org/name' has no safetensors file among its 4 files; load it once in Python with"
                        + " transformers, store it by save_pretrained(folder, safe_serialization=True), and name that"
                        + " folder");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void offlineOnlyTheCacheIsUsed() {
        assertThatThrownBy(() -> cache(Optional.empty(), true).directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("model 'org/name' is not in the cache " + cache
                        + ", and HF_HUB_OFFLINE forbids downloading it");
        assertThat(server.requests).isEmpty();

        Path directory = cache().directory("org/name", DownloadListener.SILENT);
        assertThat(cache(Optional.empty(), true).directory("org/name", DownloadListener.SILENT))
                .isEqualTo(directory);
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        server.close();

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("model 'org/name' is not in the cache " + cache + " and cannot be downloaded from "
                        + server.endpoint() + ": no connection; HF_ENDPOINT names another server");
    }

    @Test
    void aListedFileThatLeavesTheFolderIsRefused() {
        server.files.put("../../evil.json", new byte[1]);

        assertThatThrownBy(() -> cache().directory("org/name", DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lists {rfilename=../../evil.json}, but each file must have a relative path");
    }

    @Test
    void progressReachesTheSizeOfEachFile() {
        List<String> complete = new ArrayList<>();

        cache().directory("org/name", (file, done, total) -> {
            if (done == total) {
                complete.add(file + " " + done);
            }
        });

        assertThat(complete)
                .containsExactly("config.json 21", "tokenizer.json 2", "model.safetensors " + weights.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/c", "../up", "/abs", "org/name@../x", "org/na..me", "a b", "", "org/name@"})
    void aTextThatIsNoIdIsRefused(String text) {
        assertThat(HubCache.isId(text)).isFalse();
        assertThatThrownBy(() -> cache().directory(text, DownloadListener.SILENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "'" + text + "' is neither a directory nor an id of the form org/name or org/name@revision");
    }

    @Test
    void settingsFollowTheVariablesOfHuggingFace() throws IOException {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("hf"));
        Files.writeString(home.resolve("hf/token"), "filed\n");

        assertThat(HubSettings.from(Map.of(), home))
                .isEqualTo(new HubSettings(
                        home.resolve(".cache/huggingface/hub"),
                        URI.create("https://huggingface.co"),
                        Optional.empty(),
                        false));
        assertThat(HubSettings.from(Map.of("HF_HOME", "~/hf", "HF_ENDPOINT", "https://mirror.example/"), home))
                .isEqualTo(new HubSettings(
                        home.resolve("hf/hub"), URI.create("https://mirror.example"), Optional.of("filed"), false));
        assertThat(HubSettings.from(
                        Map.of("HF_HOME", "/a", "HF_HUB_CACHE", "/c", "HF_TOKEN", "t", "HF_HUB_OFFLINE", "1"), home))
                .isEqualTo(
                        new HubSettings(Path.of("/c"), URI.create("https://huggingface.co"), Optional.of("t"), true));
        assertThat(HubSettings.from(Map.of("XDG_CACHE_HOME", "/x"), home).cache())
                .isEqualTo(Path.of("/x/huggingface/hub"));
        assertThatThrownBy(() -> HubSettings.from(Map.of("HF_ENDPOINT", "mirror"), home))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("HF_ENDPOINT is 'mirror', but must be an address such as https://huggingface.co");
    }

    private HubCache cache() {
        return cache(Optional.empty(), false);
    }

    private HubCache cache(Optional<String> token, boolean offline) {
        return new HubCache(new HubSettings(cache, server.endpoint(), token, offline));
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
