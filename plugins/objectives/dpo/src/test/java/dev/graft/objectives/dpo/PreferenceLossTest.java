package dev.graft.objectives.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.objective.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PreferenceLossTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(LossType.class)
    void gradientsEqualFiniteDifferences(LossType type) {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            HostBatch batch = HostBatch.padded(Pairs.examples(true), 0, 1);

            pairs.checks().gradientAgreesWithDifferences(pairs.objective(type), batch);
        }
    }

    @ParameterizedTest
    @EnumSource(value = LossType.class, mode = Mode.EXCLUDE, names = "KTO_PAIR")
    void batchMatesAndPaddingNeverChangeThePairsLoss(LossType type) {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            pairs.checks().batchMatesAndPaddingChangeNoLoss(pairs.objective(type), Pairs.examples(true), 1e-10);
            pairs.checks().batchMatesAndPaddingChangeNoLoss(pairs.objective(type), Pairs.examples(false), 1e-10);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LossType.class,
            names = {"SIGMOID", "SIMPO"})
    void labelSmoothingMixesTheLossWithThatOfTheSwappedPair(LossType type) {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            Map<String, Object> plain = Map.of("simpo_gamma", 0);
            Map<String, Object> smooth = Map.of("simpo_gamma", 0, "label_smoothing", 0.3);
            HostBatch batch = HostBatch.padded(
                    List.of(Pairs.pair(true, new int[] {1, 5}, new int[] {7, 2, 11}, new int[] {8, 2})), 0, 1);
            HostBatch swapped = HostBatch.padded(
                    List.of(Pairs.pair(true, new int[] {1, 5}, new int[] {8, 2}, new int[] {7, 2, 11})), 0, 1);
            double kept = pairs.checks().sum(pairs.objective(type, plain), batch);
            double flipped = pairs.checks().sum(pairs.objective(type, plain), swapped);

            Objective smoothed = pairs.objective(type, smooth);

            assertThat(pairs.checks().sum(smoothed, batch)).isCloseTo(0.7 * kept + 0.3 * flipped, within(1e-10));
        }
    }
}
