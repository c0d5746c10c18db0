package dev.graft.methods.ptuningv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PTuningV2Test {
    private static final PTuningV2Provider P_TUNING = new PTuningV2Provider();

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        Map<String, Object> network = Map.of("pre_seq_len", 3, "prefix_projection", true, "prefix_hidden_size", 5);
        return Stream.of(
                        MethodChecks.of(P_TUNING, SmallModel.llama(), Map.of("num_virtual_tokens", 2)),
                        MethodChecks.of(P_TUNING, SmallModel.gpt2(), network),
                        MethodChecks.of(P_TUNING, SmallModel.bertClassifier(), Map.of()),
                        MethodChecks.of(P_TUNING, SmallModel.bertClassifier(), network))
                .map(checks -> checks(checks).tests(directory));
    }

    @Test
    void promptsServeTheLabellingOfTokens() {
        MethodChecks<?> checks = checks(MethodChecks.of(P_TUNING, labeller(), Map.of("pre_seq_len", 4)));
        checks.gradientsEqualDifferences(directory.resolve("gradients"));
        checks.savedComputesTheSame(directory.resolve("saved"));
        checks.learnsWhatTheFormulaSays(directory.resolve("formula"));
        checks.mixedRows(directory.resolve("mixed"));
    }

    @Test
    void rowsWithPromptsOfUnequalNumberGiveWhatTheyGiveAlone() {
        for (SmallModel small : List.of(SmallModel.bertClassifier(), labeller(), SmallModel.llama())) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench)) {
                AttachedAdapter few = attach(model, Map.of("pre_seq_len", 1));
                AttachedAdapter many = attach(model, Map.of("pre_seq_len", 8));
                AttachedAdapter network = attach(model, Map.of("pre_seq_len", 3, "prefix_projection", true));
                MixedRows rows = MixedRows.random(
                        List.of(List.of(few), List.of(many), List.of(), List.of(network), List.of(many, few)), 5);
                rows.giveInOnePassWhatTheyGiveAlone(bench, model);
                if (model.description().task() == Task.CAUSAL_LM) {
                    rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
                }
                List.of(few, many, network).forEach(AttachedAdapter::release);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(P_TUNING, "peft");
    }

    @Test
    void theFilesAreThoseOfPeft() {
        try (Bench bench = new Bench();
                LoadedModel model = labeller().random(bench)) {
            AttachedAdapter adapter = attach(model, Map.of("pre_seq_len", 3));
            Path saved = directory.resolve("adapter");
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));

            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("peft_type", "PREFIX_TUNING")
                    .containsEntry("num_virtual_tokens", 3)
                    .containsEntry("prefix_projection", false)
                    .containsEntry("task_type", "TOKEN_CLS")
                    .containsEntry("token_dim", 16)
                    .containsEntry("num_layers", 2)
                    .containsEntry("num_attention_heads", 4)
                    .containsEntry("modules_to_save", List.of("classifier", "score"));
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
                assertThat(file.contents().keySet())
                        .containsExactlyInAnyOrder(
                                "prompt_embeddings", "base_model.classifier.weight", "base_model.classifier.bias");
            }
            adapter.release();
        }
    }

    @Test
    void mistakesAreToldInOneSentence() {
        assertThatThrownBy(() -> bind(Map.of("pre_seq_len", 4, "num_virtual_tokens", 4)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("pre_seq_len and num_virtual_tokens are two names of one number");
        assertThatThrownBy(() -> bind(Map.of("pre_seq_len", 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("pre_seq_len");
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> attach(model, Map.of("modules_to_save", List.of("nothing"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("modules_to_save names 'nothing', which this model does not have");
        }
    }

    private static <C extends Record> MethodChecks<C> checks(MethodChecks<C> checks) {
        return checks.changingLogitsWhenFresh().refusingToMerge("prompts of every block cannot be merged");
    }

    private static SmallModel labeller() {
        SmallModel classifier =
                SmallModel.bertClassifier().with(Map.of("architectures", List.of("BertForTokenClassification")));
        return new SmallModel(classifier.config(), Task.TOKEN_CLS);
    }

    private static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        return AdapterBuilder.attach(model, P_TUNING, bind(keys), AdapterBuilder.Setting.fresh("p-tuning-v2", 1));
    }

    private static PTuningV2Config bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(PTuningV2Config.class, keys, "methods[0]");
    }
}
