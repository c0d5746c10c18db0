package dev.graft.objectives.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencePolicyTest {
    @TempDir
    private Path directory;

    /** A policy whose reference is another copy of the model. */
    private record TwoModels(Runner policy, LoadedModel copy) implements Runner {
        @Override
        public Tensors tensors() {
            return policy.tensors();
        }

        @Override
        public ModelDescription model() {
            return policy.model();
        }

        @Override
        public Output forward(Input input) {
            return policy.forward(input);
        }

        @Override
        public Output reference(Input input) {
            return tensors().withoutGradient(() -> copy.forward(input, RowAssignment.base(), PassOptions.inference()));
        }
    }

    private static double sum(Pairs pairs, Objective objective, Runner runner, List<Example> examples) {
        try (Scope scope = pairs.bench().tensors().scope()) {
            return objective
                    .loss(
                            runner,
                            HostBatch.padded(examples, 0, 1)
                                    .toBatch(pairs.bench().tensors()))
                    .sum()
                    .item();
        }
    }

    @Test
    void theAdapterSwitchedOffEqualsASeparateCopyOfTheModel() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory);
                LoadedModel copy = pairs.bench().loadDouble(directory)) {
            Runner one = pairs.checks().runner();
            Runner two = new TwoModels(one, copy);
            for (LossType type : LossType.values()) {
                Objective objective = pairs.objective(type);

                assertThat(sum(pairs, objective, one, Pairs.examples(true)))
                        .as(type.name())
                        .isEqualTo(sum(pairs, objective, two, Pairs.examples(true)));
            }
        }
    }

    @Test
    void aFrozenAdapterBelowBelongsToTheReference() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            Objective objective = pairs.objective(LossType.SIGMOID);
            pairs.checks().adapter().freeze();

            assertThat(sum(pairs, objective, pairs.checks().runner(), Pairs.examples(true)))
                    .as("the policy is its own reference")
                    .isCloseTo(4 * Math.log(2), within(1e-12));
        }
    }

    @Test
    void logProbabilitiesComputedAheadEqualLiveOnes() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory)) {
            Objective objective = pairs.objective(LossType.SIGMOID, Map.of("precompute_ref_log_probs", true));
            Runner runner = pairs.checks().runner();
            List<Example> examples = Pairs.examples(true);
            List<Example> known = new ArrayList<>();
            try (Scope scope = pairs.bench().tensors().scope()) {
                for (Example example : examples) {
                    HostBatch alone = HostBatch.padded(List.of(example), 0, 1);
                    Map<String, Double> figures = pairs.bench()
                            .tensors()
                            .withoutGradient(() -> objective.ahead(
                                    runner, alone.toBatch(pairs.bench().tensors())))
                            .get(0);
                    known.add(new Example(example.sequences(), figures));
                }
            }

            assertThat(objective.looksAhead()).isTrue();
            assertThat(known.get(0).values()).containsOnlyKeys("ref_chosen_logps", "ref_rejected_logps");
            assertThat(sum(pairs, objective, runner, known))
                    .isCloseTo(sum(pairs, objective, runner, examples), within(1e-10));
        }
    }

    @Test
    void theFiguresOfAStepAreThoseOfAnEvaluation() {
        try (Pairs pairs = new Pairs(SmallModel.llama(), directory);
                Scope scope = pairs.bench().tensors().scope()) {
            Objective objective = pairs.objective(LossType.SIGMOID);
            Runner runner = new ModelRunner(
                    pairs.model(), RowAssignment.all(List.of(pairs.checks().adapter())), PassOptions.inference());
            Tensors tensors = pairs.bench().tensors();
            Loss loss = objective.loss(
                    runner,
                    HostBatch.padded(Pairs.examples(true), 0, 1)
                            .toBatch(pairs.bench().tensors()));
            Evaluator evaluator = objective.evaluator();
            for (Example example : Pairs.examples(true)) {
                evaluator.add(runner, HostBatch.padded(List.of(example), 0, 1).toBatch(tensors));
            }
            Map<String, Double> figures = evaluator.figures();

            assertThat(figures)
                    .containsOnlyKeys(
                            "loss",
                            "rewards/chosen",
                            "rewards/rejected",
                            "rewards/accuracies",
                            "rewards/margins",
                            "logps/chosen",
                            "logps/rejected",
                            "pairs");
            assertThat(figures.get("loss")).isCloseTo(loss.sum().item() / loss.weight(), within(1e-6));
            loss.metrics()
                    .forEach((name, metric) ->
                            assertThat(figures.get(name)).isCloseTo(metric.sum() / metric.weight(), within(1e-5)));
            assertThat(figures.get("rewards/margins"))
                    .isCloseTo(figures.get("rewards/chosen") - figures.get("rewards/rejected"), within(1e-6));
        }
    }
}
