package dev.graft.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyMethodTest {
    @TempDir
    private static Path shared;

    private static Bundle bundle;

    @TempDir
    private Path directory;

    @BeforeAll
    static void openTheJar() throws IOException {
        bundle = Bundle.open(shared);
    }

    @AfterAll
    static void closeTheJar() throws IOException {
        bundle.close();
    }

    @Test
    void theKernelKnowsNothingOfIt() {
        PluginRegistry without = new ServiceLoaderHost(getClass().getClassLoader()).registry();

        assertThatThrownBy(() -> without.method("ln-tuning"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("there is no method 'ln-tuning'");
        assertThatThrownBy(() -> Class.forName("org.example.lntuning.LnTuningProvider"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void itIsFoundInItsJarByItsServicesFile() {
        Plugin plugin = new ServiceLoaderHost(bundle.classPath()).registry().plugin(PluginKind.METHOD, "ln-tuning");

        assertThat(plugin.provenance()).hasToString("ln-tuning-1.0.0.jar");
        assertThat(plugin.version()).isEqualTo("1.0.0");
        assertThat(plugin.provider().getClass().getClassLoader()).isSameAs(bundle.classPath());
    }

    @Test
    void itSeesTheContractsAndNothingElseOfGraft() throws IOException {
        String imports = bundle.manifest().getMainAttributes().getValue("Import-Package");

        assertThat(bundle.files())
                .contains("org/example/lntuning/LnTuningProvider.class")
                .noneMatch(name -> name.endsWith(".class") && !name.startsWith("org/example/lntuning/"));
        assertThat(imports.replaceAll("\"[^\"]*\"", "").split(","))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("dev.graft.spi."));
    }

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(
                        checks(bundle.method(), SmallModel.llama(), Map.of()),
                        checks(
                                bundle.method(),
                                SmallModel.llama(),
                                Map.of(
                                        "target_modules", List.of("input_layernorm", "norm"),
                                        "exclude_modules", List.of("layers.1.input_layernorm"),
                                        "modules_to_save", List.of("lm_head"))),
                        checks(bundle.method(), SmallModel.gpt2(), Map.of("target_modules", ".*\\.ln_[12f]")),
                        checks(bundle.method(), SmallModel.bertClassifier(), Map.of()))
                .map(checks -> checks.tests(directory));
    }

    @Test
    void whatItLearntIsInFilesThatPeftReads() {
        Path saved = trained(SmallModel.gpt2(), Map.of());

        assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                .containsEntry("peft_type", "LN_TUNING")
                .containsEntry("task_type", "CAUSAL_LM")
                .containsEntry("target_modules", List.of("ln_1", "ln_2", "ln_f"));
        assertThat(tensors(saved))
                .hasSize(2 * (2 * 2 + 1))
                .contains(
                        "base_model.model.transformer.h.1.ln_2.ln_tuning_layers.weight",
                        "base_model.model.transformer.h.1.ln_2.ln_tuning_layers.bias",
                        "base_model.model.transformer.ln_f.ln_tuning_layers.weight");
    }

    @Test
    void theHeadOfAClassifierIsSavedAlong() {
        Path saved = trained(SmallModel.bertClassifier(), Map.of());

        assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                .containsEntry("task_type", "SEQ_CLS")
                .containsEntry("modules_to_save", List.of("classifier", "score"));
        assertThat(tensors(saved))
                .hasSize(2 * (1 + 2 * 2) + 2)
                .contains(
                        "base_model.model.bert.embeddings.LayerNorm.ln_tuning_layers.bias",
                        "base_model.model.classifier.weight");
    }

    @Test
    void withoutItsJarItsFilesAreRefusedInOneSentence() {
        Path saved = trained(SmallModel.llama(), Map.of());
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> new AdapterLoader(bench.registry()).load(saved, model))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains("was made by method 'ln-tuning' (version 1.0.0), for which no plugin is installed")
                    .doesNotContain("\n");
        }
    }

    @Test
    void mistakesAreNamed() {
        assertRefused(
                Map.of("target_modules", List.of("ln_1")),
                "target_modules [ln_1] matches no norm of this model; its norms are called [input_layernorm, norm,"
                        + " post_attention_layernorm]");
        assertRefused(
                Map.of("target_modules", ".*"),
                "target_modules '.*' matches 'model.embed_tokens', which is no norm; the norms of this model are called"
                        + " [input_layernorm, norm, post_attention_layernorm]");
        assertRefused(Map.of("exclude_modules", ".*"), "target_modules (left out) without exclude_modules matches no");
        assertRefused(Map.of("target_modules", "(*"), "target_modules holds '(*', which is not a regular expression");
        assertRefused(Map.of("modules_to_save", List.of("pooler")), "modules_to_save names 'pooler'");
        assertRefused(Map.of("target", List.of("norm")), "target_modules");
    }

    private static <C extends Record> MethodChecks<C> checks(
            MethodProvider<C> method, SmallModel small, Map<String, Object> keys) {
        return MethodChecks.of(method, small, keys);
    }

    /** Learns for a few steps and saves. */
    private Path trained(SmallModel small, Map<String, Object> keys) {
        Path saved = directory.resolve("adapter");
        try (Bench bench = new Bench(bundle.classPath());
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = checks(bundle.method(), small, keys).attach(model, 1);
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                assertThat(training.steps(1)).isGreaterThan(training.steps(4));
            }
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));
            adapter.release();
        }
        return saved;
    }

    private static Set<String> tensors(Path saved) {
        try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
            return Set.copyOf(file.contents().keySet());
        }
    }

    private static void assertRefused(Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() ->
                            checks(bundle.method(), SmallModel.llama(), keys).attach(model, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }
}
