package dev.graft.methods.ewc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.continual.AccuracyMatrix;
import dev.graft.kernel.testing.Bench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgettingTest {
    private static final int SEEDS = 5;
    private static final int STEPS = 32;
    private static final Map<String, Object> EWC = Map.of("lambda", 1e5, "fisher", "sampled", "fisher_examples", 48);

    @TempDir
    private Path directory;

    @Test
    void threeTasksInARowAreForgottenAtMostHalfAsMuchAndDoneBetterInTheEnd() {
        List<AccuracyMatrix> plain = new ArrayList<>();
        List<AccuracyMatrix> consolidated = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            try (Bench bench = new Bench();
                    LoadedModel model = ThreeTasks.model(bench, seed)) {
                ThreeTasks tasks = new ThreeTasks(bench, model, seed, STEPS);
                plain.add(tasks.learn(directory.resolve("plain" + seed), null));
                consolidated.add(tasks.learn(directory.resolve("ewc" + seed), EWC));
            }
        }

        double forgotten = mean(plain, AccuracyMatrix::forgetting);
        assertThat(forgotten).as("what plain training forgets").isGreaterThan(0.15);
        assertThat(mean(consolidated, AccuracyMatrix::forgetting)).isLessThanOrEqualTo(forgotten / 2);
        assertThat(mean(consolidated, AccuracyMatrix::average)).isGreaterThan(mean(plain, AccuracyMatrix::average));
        assertThat(mean(consolidated, AccuracyMatrix::learned))
                .as("how well tasks are done when they have just been learned")
                .isGreaterThan(0.7);
    }

    private static double mean(List<AccuracyMatrix> matrices, ToDoubleFunction<AccuracyMatrix> figure) {
        return matrices.stream().mapToDouble(figure).average().orElseThrow();
    }
}
