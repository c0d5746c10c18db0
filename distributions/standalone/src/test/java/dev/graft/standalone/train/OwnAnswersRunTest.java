package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnAnswersRunTest {
    private static final String PPO = "objective={id: ppo, rollout_size: 5, num_ppo_epochs: 2, response_length: 6}";

    @TempDir
    private Path directory;

    private SmallRun run;

    @BeforeEach
    void prepare() {
        run = SmallRun.in(directory);
    }

    private List<TrainingEvent> train(String output, String... changes) {
        String[] all = Stream.concat(
                        Stream.of(PPO, "scorer=letter", "data.train=pairs.jsonl", "data.eval=null"), Stream.of(changes))
                .toArray(String[]::new);
        List<TrainingEvent> events = new ArrayList<>();
        SmallRun.trainer().train(run.recipe(output, all)).doOnNext(events::add).blockLast();
        return events;
    }

    private static <E extends TrainingEvent> List<E> only(Class<E> kind, List<TrainingEvent> events) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void rolloutsAndStepsAreToldInTheirOrder() {
        List<TrainingEvent> events = train("told", "training.epochs=1");

        List<TrainingEvent.RolledOut> rollouts = only(TrainingEvent.RolledOut.class, events);
        assertThat(rollouts)
                .as("eleven prompts in portions of five; two passes in batches of two, two of which make a step")
                .extracting(TrainingEvent.RolledOut::step)
                .containsExactly(0L, 3L, 6L);
        assertThat(rollouts).extracting(rollout -> rollout.answers().size()).containsExactly(5, 5, 1);
        assertThat(rollouts.get(0).figures()).containsKeys("score", "kl", "reward", "entropy", "length");
        assertThat(only(TrainingEvent.Stepped.class, events))
                .hasSize(7)
                .allSatisfy(step -> assertThat(step.metrics())
                        .containsKeys("policy_loss", "value_loss", "approx_kl", "clip_fraction"));
    }

    @Test
    void aScorerThatFailsLeavesWhatWasLearntSoFar() {
        assertThatThrownBy(() -> train("failing", "scorer={id: letter, fails_after: 7}", "training.save_every=100"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the scorer gave NaN for the answer '");

        assertThat(run.output("failing").resolve("checkpoints/step-00000003/experience.json"))
                .as("the answers were learnt from, the next are asked for")
                .doesNotExist();
        assertThat(run.output("failing").resolve("checkpoints/step-00000003/parameters.safetensors"))
                .isNotEmptyFile();
        assertThat(run.output("failing").resolve("adapter")).doesNotExist();
    }

    @Test
    void aCheckpointAmidAPortionHoldsItsAnswers() {
        train("amid", "training.epochs=null", "training.steps=2", "training.save_every=1", "training.keep=9");

        assertThat(run.output("amid").resolve("checkpoints/step-00000001/experience.json"))
                .isNotEmptyFile();
    }

    @Test
    void theValueHeadIsKeptBesideTheAdapterAndGoneOnWith() {
        train("first");
        Path head = run.output("first/adapter/value_head.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(head)) {
            assertThat(file.contents().keySet())
                    .containsExactlyInAnyOrder("v_head.summary.weight", "v_head.summary.bias");
        }

        train(
                "second",
                "method={adapter: " + run.output("first/adapter") + "}",
                "schedule={learning_rate: 1e-30, kind: constant}",
                "optimizer={id: sgd}");

        assertThat(run.output("second/adapter/value_head.safetensors")).hasSameBinaryContentAs(head);
    }

    @Test
    void withoutAScorerARunDoesNotBegin() {
        assertThatThrownBy(() -> train("none", "scorer=null"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "the objective learns from scores, but the recipe has no scorer; the section 'scorer' must name"
                                + " one");
    }

    @Test
    void aPathOfTheScorerIsLookedUpAsThoseOfTheRecipeAre() {
        assertThatThrownBy(() -> train("lost", "scorer={id: model, adapter: nowhere}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key 'scorer.adapter' names 'nowhere', but there is no");
    }
}
