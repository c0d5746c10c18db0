package dev.graft.objectives.causallm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.objectives.causallm.CausalLmConfig.TrainOn;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.ObjectiveProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CausalLmProviderTest {
    private static CausalLmConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(CausalLmConfig.class, keys, "objective");
    }

    @Test
    void theProviderIsFoundByItsService() {
        assertThat(ServiceLoader.load(ObjectiveProvider.class).stream().map(ServiceLoader.Provider::get))
                .anySatisfy(provider -> {
                    assertThat(provider.id()).isEqualTo("causal-lm");
                    assertThat(provider).isInstanceOf(CausalLmProvider.class);
                });
    }

    @Test
    void keysLeftOutHaveTheirDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new CausalLmConfig(null, null, ChatUse.AUTO, true, null));
    }

    @Test
    void keysAreReadAsRecipesWriteThem() {
        assertThat(bind(Map.of("train_on", "assistant", "chat", "never", "append_eos", false, "text", "body")))
                .isEqualTo(new CausalLmConfig(TrainOn.ASSISTANT, null, ChatUse.NEVER, false, "body"));
    }

    @Test
    void anUnknownKindOfTrainingIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("train_on", "prompt")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("objective.train_on", "prompt", "all", "completion", "assistant");
    }

    @Test
    void theObjectivePredictsNextTokens() {
        assertThat(new CausalLmProvider().create(bind(Map.of())).task()).isEqualTo(Task.CAUSAL_LM);
    }
}
