package dev.graft.objectives.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharedPromptTest {
    @TempDir
    private Path directory;

    static Stream<Arguments> modelsAndMethods() {
        Map<String, Object> lora = Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");
        Map<String, Object> window = Map.of("model_type", "mistral", "sliding_window", 4);
        return Stream.of(
                Arguments.of(SmallModel.llama(), "lora", lora),
                Arguments.of(SmallModel.gpt2(), "lora", lora),
                Arguments.of(SmallModel.llama().with(window), "lora", lora),
                Arguments.of(SmallModel.llama(), "prompt", Map.of("num_virtual_tokens", 3)),
                Arguments.of(SmallModel.llama(), "prefix", Map.of("num_virtual_tokens", 3)));
    }

    @ParameterizedTest
    @MethodSource("modelsAndMethods")
    void onePassBehindASharedPromptEqualsTwoPasses(SmallModel model, String method, Map<String, Object> keys) {
        try (Pairs pairs = new Pairs(model, directory, method, keys)) {
            for (LossType type : LossType.values()) {
                Objective objective = pairs.objective(type);
                HostBatch shared = HostBatch.padded(Pairs.examples(true), 0, 1);
                HostBatch apart = HostBatch.padded(Pairs.examples(false), 0, 1);

                assertThat(shared.tokens()).isLessThan(apart.tokens());
                assertThat(pairs.checks().sum(objective, shared))
                        .as(type.name())
                        .isCloseTo(pairs.checks().sum(objective, apart), within(1e-10));
                assertSame(
                        pairs.checks().gradients(objective, shared),
                        pairs.checks().gradients(objective, apart));
            }
        }
    }

    private static void assertSame(List<double[]> gradients, List<double[]> expected) {
        for (int i = 0; i < gradients.size(); i++) {
            assertThat(gradients.get(i)).containsExactly(expected.get(i), within(1e-9));
        }
    }

    @Test
    void pairsThatShareARowKeepTheirLosses() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            Objective objective = pairs.objective(LossType.SIGMOID);
            for (boolean share : List.of(true, false)) {
                List<Example> examples = Pairs.examples(share);
                double apart = pairs.checks().sum(objective, HostBatch.padded(examples, 0, 1));

                HostBatch packed = HostBatch.packed(List.of(examples.subList(0, 3), examples.subList(3, 4)), 0, 8);

                assertThat(packed.rows()).isEqualTo(2);
                assertThat(pairs.checks().sum(objective, packed)).isCloseTo(apart, within(1e-10));
            }
        }
    }

    @Test
    void answersThatShareNothingStillEqualTwoPasses() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            int[] nothing = {};
            int[] chosen = {4, 9, 2};
            int[] rejected = {8, 2, 5, 6};
            Objective objective = pairs.objective(LossType.IPO);
            List<Double> losses = Stream.of(true, false)
                    .map(share -> withoutFirstLabels(Pairs.pair(share, nothing, chosen, rejected), share))
                    .map(example -> pairs.checks().sum(objective, HostBatch.padded(List.of(example), 0, 1)))
                    .toList();

            assertThat(losses.get(0)).isCloseTo(losses.get(1), within(1e-10));
        }
    }

    /** Nothing predicts the first token of a sequence, so its label is ignored, as encoding does it. */
    private static Example withoutFirstLabels(Example example, boolean share) {
        example.sequences().forEach(sequence -> {
            sequence.labels()[0] = -100;
            if (share) {
                sequence.labels()[3] = -100;
            }
        });
        return example;
    }
}
