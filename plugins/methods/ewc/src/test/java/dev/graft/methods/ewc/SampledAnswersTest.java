package dev.graft.methods.ewc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampledAnswersTest {
    private static final long[][] IDS = {{3, 7, 9, 2, 30}, {5, 4, 30, 0, 0}};
    private static final long[][] MASK = {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}};
    private static final long[] LABELS = {-100, -100, 9, 2, 30, 5, 4, 30, -100, -100};

    /** Slots that predict a label of the next one, counted over both rows. */
    private static final int[] PREDICTING = {1, 2, 3, 5, 6};

    private static final int CLASSES = SmallModel.VOCABULARY;
    private static final int DRAWS = 600;

    @Test
    void theMeanLossOfDrawnTokensIsTheEntropyOfWhatIsPredictedForThem() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter sharp = new MethodUnderTest<>(bench.registry().method("full"))
                    .attach(model, Map.of("trainable_modules", List.of("lm_head")));
            try (Scope scope = bench.tensors().scope()) {
                Parameter head = sharp.attachment().parameters().stream()
                        .filter(parameter -> parameter.name().endsWith("lm_head.weight"))
                        .findFirst()
                        .orElseThrow();
                head.set(head.tensor().detach().mul(24));
                Runner runner = new ModelRunner(model, RowAssignment.all(List.of(sharp)), PassOptions.inference());
                Input input = bench.input(IDS, MASK);
                Batch batch = new Batch(input, bench.tensors().of(LABELS, Shape.of(2, 5)), List.of());
                Objective objective = new PluginInstances(bench.registry()).objective(PluginSection.of("causal-lm"));

                double entropy = entropy(runner, input);
                double mean = 0;
                RandomStream random = RandomStream.seeded(5);
                for (int i = 0; i < DRAWS; i++) {
                    Loss loss = objective.sampledLoss(runner, batch, random);
                    assertThat(loss.weight()).isEqualTo(PREDICTING.length);
                    mean += loss.sum().item() / DRAWS;
                }

                assertThat(entropy).isLessThan(0.9 * PREDICTING.length * Math.log(CLASSES));
                assertThat(mean).isCloseTo(entropy, within(0.03 * entropy));
            }
            sharp.release();
        }
    }

    private static double entropy(Runner runner, Input input) {
        Tensor logs = runner.forward(input).logits().logSoftmax(2);
        float[] values = logs.floats();
        double entropy = 0;
        for (int slot : PREDICTING) {
            for (int i = 0; i < CLASSES; i++) {
                double log = values[slot * CLASSES + i];
                entropy -= Math.exp(log) * log;
            }
        }
        return entropy;
    }
}
