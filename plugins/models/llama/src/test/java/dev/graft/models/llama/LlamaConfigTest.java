package dev.graft.models.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlamaConfigTest {
    @Test
    void mistralSlidesOnEveryLayerUnlessTheWindowIsNull() {
        assertThat(windows(Configs.small("mistral", "sliding_window", 6))).containsOnly(6);
        assertThat(windows(Configs.small("mistral", "sliding_window", null))).containsOnly(0);
        assertThat(windows(Configs.small("mistral"))).containsOnly(4096);
    }

    @Test
    void qwenSlidesFromMaxWindowLayersOnWhenToldTo() {
        assertThat(windows(Configs.small(
                        "qwen2", "use_sliding_window", true, "sliding_window", 5, "max_window_layers", 3)))
                .containsExactly(0, 0, 0, 5);
        assertThat(windows(Configs.small("qwen2", "sliding_window", 5, "max_window_layers", 3)))
                .containsOnly(0);
    }

    @Test
    void layerTypesSayWhichLayersSlide() {
        List<String> types = List.of("full_attention", "sliding_attention", "full_attention", "sliding_attention");

        assertThat(windows(
                        Configs.small("qwen3", "use_sliding_window", true, "sliding_window", 5, "layer_types", types)))
                .containsExactly(0, 5, 0, 5);
    }

    @Test
    void layersOfOneRotaryKindShareIt() {
        LlamaConfig config = LlamaConfig.read(Configs.small("llama"));

        assertThat(config.layers().stream().map(LlamaConfig.Layer::rope).distinct())
                .hasSize(1);
    }

    @Test
    void wrongLayerTypesAreNamed() {
        assertThatThrownBy(() -> LlamaConfig.read(Configs.small("qwen2", "layer_types", List.of("full_attention"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("config.json: layer_types is [full_attention]; it must hold 'full_attention' or"
                        + " 'sliding_attention' for each of the 4 layers");
    }

    @Test
    void anUnknownActivationIsNamedWithThoseAllowed() {
        assertThatThrownBy(() -> LlamaConfig.read(Configs.small("llama", "hidden_act", "mish")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("config.json: hidden_act is 'mish', which is not supported; allowed are silu");
    }

    @Test
    void headsThatDoNotShareKeysEvenlyAreRefused() {
        assertThatThrownBy(() -> LlamaConfig.read(Configs.small("llama", "num_key_value_heads", 3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("config.json: num_attention_heads is 4, which is not a multiple of num_key_value_heads 3");
    }

    @Test
    void positionsStretchedByAFactorMayBeUsedToTheirEnd() {
        assertThat(positions("linear")).isEqualTo(256);
        assertThat(positions("yarn")).isEqualTo(256);
        assertThat(positions("dynamic")).isZero();
        assertThat(LlamaConfig.read(Configs.small("llama")).maxPositions()).isEqualTo(64);
    }

    @Test
    void classNamesAndTasksBelongTogether() {
        LlamaProvider provider = new LlamaProvider();

        for (String type : provider.modelTypes()) {
            for (Task task : List.of(Task.CAUSAL_LM, Task.SEQ_CLS, Task.TOKEN_CLS, Task.FEATURE_EXTRACTION)) {
                String architecture = provider.architecture(type, task).orElseThrow();
                assertThat(provider.task(architecture)).contains(task);
            }
        }
        assertThat(provider.architecture("qwen2", Task.CAUSAL_LM)).contains("Qwen2ForCausalLM");
        assertThat(provider.architecture("llama", Task.MASKED_LM)).isEmpty();
        assertThat(provider.task("LlamaForQuestionAnswering")).isEmpty();
    }

    private static int positions(String kind) {
        return LlamaConfig.read(Configs.small("llama", "rope_parameters", Map.of("rope_type", kind, "factor", 4.0)))
                .maxPositions();
    }

    private static List<Integer> windows(CheckpointConfig config) {
        return LlamaConfig.read(config).layers().stream()
                .map(LlamaConfig.Layer::window)
                .toList();
    }
}
