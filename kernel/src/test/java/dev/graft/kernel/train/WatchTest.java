package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static Watch watch(TrainingSection.EarlyStopping stopping) {
        return watch(stopping, RunState.start());
    }

    private static Watch watch(TrainingSection.EarlyStopping stopping, RunState state) {
        return new Watch(new TrainingSection(1.0, null, 1, 0, false, true, 1, 1, 2, 1, false, stopping), state);
    }

    private static Map<String, Double> loss(double value) {
        return Map.of("loss", value);
    }

    @Test
    void theLowestLossIsTheBestAndPatienceRunsOut() {
        Watch watch = watch(new TrainingSection.EarlyStopping(2, "loss", false, 0.1));

        assertThat(watch.improved(loss(3))).isTrue();
        assertThat(watch.improved(loss(2.95))).isFalse();
        assertThat(watch.exhausted()).isFalse();
        assertThat(watch.improved(loss(2.5))).isTrue();
        assertThat(watch.improved(loss(2.6))).isFalse();
        assertThat(watch.improved(loss(2.5))).isFalse();
        assertThat(watch.exhausted()).isTrue();
        assertThat(watch.best()).isEqualTo(2.5);
    }

    @Test
    void aFigureMayBeBetterWhenItIsHigher() {
        Watch watch = watch(new TrainingSection.EarlyStopping(1, "accuracy", true, 0));

        assertThat(watch.improved(Map.of("accuracy", 0.5))).isTrue();
        assertThat(watch.improved(Map.of("accuracy", 0.6))).isTrue();
        assertThat(watch.improved(Map.of("accuracy", 0.6))).isFalse();
    }

    @Test
    void withoutEarlyStoppingPatienceNeverRunsOut() {
        Watch watch = watch(null);
        watch.improved(loss(1));
        for (int i = 0; i < 1000; i++) {
            watch.improved(loss(2));
        }

        assertThat(watch.exhausted()).isFalse();
    }

    @Test
    void aLossThatIsNotFiniteIsNeverTheBest() {
        Watch watch = watch(new TrainingSection.EarlyStopping(4, "loss", false, 0));

        assertThat(watch.improved(loss(Double.NaN))).isFalse();
        assertThat(watch.improved(loss(Double.POSITIVE_INFINITY))).isFalse();
        assertThat(watch.improved(loss(Double.NEGATIVE_INFINITY))).isFalse();
        assertThat(watch.improved(loss(2))).isTrue();
        assertThat(watch.improved(loss(Double.NaN))).isFalse();
        assertThat(watch.best()).isEqualTo(2);
    }

    @Test
    void itGoesOnFromWhatACheckpointSays() {
        TrainingSection.EarlyStopping stopping = new TrainingSection.EarlyStopping(3, "loss", false, 0);
        RunState state = new RunState(5, 0, 0, 0, 0, 1.5, 2, Map.of());
        RunState read = RunState.of(state.toMap(), Path.of("state.json"));
        Watch watch = watch(stopping, read);

        assertThat(watch.improved(loss(1.6))).isFalse();
        assertThat(watch.exhausted()).isTrue();
        assertThat(RunState.of(RunState.start().toMap(), Path.of("state.json"))).isEqualTo(RunState.start());
    }

    @Test
    void aFigureThatEvaluationDoesNotGiveIsNamed() {
        Watch watch = watch(new TrainingSection.EarlyStopping(1, "f1", true, 0));

        assertThatThrownBy(() -> watch.improved(loss(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.early_stopping.metric is 'f1'")
                .hasMessageContaining("loss");
    }
}
