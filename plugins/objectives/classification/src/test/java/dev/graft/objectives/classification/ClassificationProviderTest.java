package dev.graft.objectives.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ClassificationProviderTest {
    private static ClassificationConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(ClassificationConfig.class, keys, "objective");
    }

    @Test
    void theProviderIsFoundByItsService() {
        assertThat(ServiceLoader.load(ObjectiveProvider.class).stream().map(ServiceLoader.Provider::get))
                .anySatisfy(provider -> {
                    assertThat(provider.id()).isEqualTo("classification");
                    assertThat(provider).isInstanceOf(ClassificationProvider.class);
                });
    }

    @Test
    void keysAreReadAsRecipesWriteThem() {
        ClassificationConfig config = bind(Map.of("label_smoothing", 0.1, "class_weights", List.of(1, 2.5)));

        assertThat(config.text()).isEqualTo("text");
        assertThat(config.textPair()).isEqualTo("text_pair");
        assertThat(config.label()).isEqualTo("label");
        assertThat(config.labelSmoothing()).isEqualTo(0.1);
        assertThat(config.classWeights()).containsExactly(1.0, 2.5);
    }

    @Test
    void smoothingBeyondOneIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("label_smoothing", 1.5)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("objective.label_smoothing", "1.5");
    }

    @Test
    void theObjectiveNeedsAHeadOverClassesAndRowsOfItsOwn() {
        Objective objective = new ClassificationProvider().create(bind(Map.of()));

        assertThat(objective.task()).isEqualTo(Task.SEQ_CLS);
        assertThat(objective.packable()).isFalse();
    }
}
