package dev.graft.objectives.ppo;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.ObjectiveChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PpoGradientTest {
    private static final Map<String, Object> LORA =
            Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");
    private static final Map<String, Object> KEYS = Map.of("entropy_coef", 0.3, "vf_coef", 0.7, "cliprange", 10.0);

    @TempDir
    private Path directory;

    private static Example answered(int[] ids, int start, double... numbers) {
        int[] labels = ids.clone();
        java.util.Arrays.fill(labels, 0, start, -100);
        double[] logs = new double[ids.length - start];
        double[] values = new double[logs.length];
        double[] advantages = new double[logs.length];
        for (int t = 0; t < logs.length; t++) {
            logs[t] = -3 - numbers[t];
            values[t] = 0.5 * numbers[t];
            advantages[t] = numbers[t] - 0.4;
        }
        return new Example(
                List.of(Sequence.of(ids, labels)),
                Map.of(),
                Map.of("logprobs", logs, "values", values, "advantages", advantages, "returns", numbers),
                null);
    }

    @Test
    void gradientsOfPolicyValuesAndEntropyAgreeWithDifferences() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().loadDouble(bench, directory)) {
            Ppo objective = new Ppo(ConfigurationBinder.bind(PpoConfig.class, KEYS, "objective"));
            AttachedAdapter adapter = ObjectiveChecks.attach(bench, model, "lora", LORA);
            AdapterBuilder.Setting setting =
                    new AdapterBuilder.Setting("ppo", RandomStream.seeded(1), DType.FLOAT64, null, null, "");
            AttachedAdapter head = AdapterBuilder.attach(
                            model,
                            new AdapterBuilder.Origin("ppo", "0", objective.config()),
                            objective::attach,
                            setting)
                    .orElseThrow();
            try {
                HostBatch batch = HostBatch.padded(
                        List.of(
                                answered(new int[] {1, 5, 9, 4, 7, 11}, 3, 0.3, -0.7, 1.1),
                                answered(new int[] {1, 12, 30, 2}, 1, 0.9, 0.2, -0.5)),
                        0,
                        1);
                ObjectiveChecks checks = new ObjectiveChecks(bench, model, adapter);
                checks.gradientAgreesWithDifferences(objective, batch);
                new ObjectiveChecks(bench, model, head).gradientAgreesWithDifferences(objective, batch);
            } finally {
                head.release();
                adapter.release();
            }
        }
    }
}
