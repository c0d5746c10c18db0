package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    @TempDir
    private Path directory;

    private final Trainer trainer = SmallRun.trainer();
    private SmallRun run;

    @BeforeEach
    void prepare() {
        run = SmallRun.in(directory);
    }

    private Recording whole(String... changes) {
        return Recording.of(trainer.train(run.recipe("whole", changes)));
    }

    private Recording stopped(long step, String... changes) {
        return Recording.untilStep(trainer.train(run.recipe("stopped", changes)), step);
    }

    private Recording resumed() {
        return Recording.of(trainer.resume(run.output("stopped")));
    }

    static Stream<List<String>> kindsOfRuns() {
        return Stream.of(
                List.of(),
                List.of("training.keep_best=true", "data.packing=true", "data.max_length=40", "training.epochs=4"),
                List.of(
                        "method={id: full, unfreeze_every: 1, unfreeze_first: 1}",
                        "training.keep_best=true",
                        "training.save_every=3",
                        "show={prompts: [the cat], max_new_tokens: 4}"),
                List.of(
                        "training.early_stopping={patience: 2, min_improvement: 50}",
                        "training.evaluate_every=1",
                        "training.keep_best=true"),
                List.of("optimizer={id: sgd, momentum: 0.9}", "training.gradient_checkpointing=true"),
                List.of("method={id: sparse, mask: fisher, density: 0.05, fisher_examples: 5}"),
                List.of("method={id: sparse, mask: lottery-ticket, density: 0.05, trial_fraction: 0.8}"),
                List.of("method={id: sparse, mask: lottery-ticket, density: 0.05, trial_fraction: 0.2}"),
                List.of("method={id: diff-pruning, density: 0.05, fixmask_fraction: 0.2}"),
                List.of(
                        "method={id: diff-pruning, density: 0.05, fixmask_fraction: 0.8, structured: false}",
                        "training.gradient_checkpointing=true"),
                List.of("training.epochs=null", "training.steps=7", "schedule.layer_decay=0.7", "data.shuffle=false"));
    }

    static Stream<List<String>> objectives() {
        return SmallRun.objectives();
    }

    @ParameterizedTest
    @MethodSource({"kindsOfRuns", "objectives"})
    void aRunThatWasCancelledGoesOnToTheSameNumbers(List<String> changes) {
        String[] keys = changes.toArray(String[]::new);
        Recording whole = whole(keys);
        long step = (whole.steps().size() + 1L) / 2;

        stopped(step, keys).assertPartOf(whole);
        Recording rest = resumed();

        rest.assertEndsLike(whole);
        assertThat(rest.steps().keySet()).isNotEmpty().allMatch(later -> later > step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"separate", "online"})
    void aTaskThatIsConsolidatedGoesOnToTheSameNumbers(String mode) {
        String ewc = "{id: ewc, mode: " + mode + ", lambda: 1e6, fisher: sampled, fisher_examples: 5}";
        Recording.of(trainer.train(run.recipe("first", "method=[{id: lora, r: 4}, " + ewc + "]")));
        String[] next = {"method={adapter: " + run.output("first/adapter") + "}", "data.seed=3"};
        Recording whole = whole(next);
        stopped(3, next).assertPartOf(whole);

        Recording rest = resumed();

        assertThat(rest.steps()).isNotEmpty();
        rest.assertPartOf(whole);
        assertThat(whole.steps().values().stream().map(figures -> penalty(figures)))
                .allMatch(penalty -> penalty >= 0)
                .anyMatch(penalty -> penalty > 0);
        for (String folder : List.of("lora", "ewc")) {
            assertThat(run.output("stopped/adapter/" + folder).resolve("adapter_model.safetensors"))
                    .hasSameBinaryContentAs(
                            run.output("whole/adapter/" + folder).resolve("adapter_model.safetensors"));
        }
    }

    private static double penalty(List<Object> figures) {
        return (Double) ((Map<?, ?>) figures.get(5)).get("penalty");
    }

    @Test
    void aRunMayBeStoppedAgainAndAgain() {
        Recording whole = whole("training.keep_best=true");
        stopped(1, "training.keep_best=true");
        long last = whole.steps().size();
        for (long step : LongStream.range(2, last).toArray()) {
            Recording.untilStep(trainer.resume(run.output("stopped")), step).assertPartOf(whole);
        }

        resumed().assertEndsLike(whole);
    }

    @Test
    void aRunThatStoppedBeforeItsFirstStepBeginsAtItsBeginning() {
        Recording whole = whole();
        Recording.until(trainer.train(run.recipe("stopped")), event -> event instanceof TrainingEvent.Evaluated);

        Recording rest = resumed();

        assertThat(rest.steps()).isEqualTo(whole.steps());
        assertThat(rest.evaluations()).isEqualTo(whole.evaluations()).containsKey(0L);
        rest.assertEndsLike(whole);
    }

    @Test
    void aFinishedRunThatIsResumedEndsAsItEnded() {
        Recording whole = Recording.of(trainer.train(run.recipe("stopped", "training.keep_best=true")));
        byte[] adapter = whole.adapter();

        Recording again = resumed();

        assertThat(again.steps()).isEmpty();
        assertThat(again.adapter()).isEqualTo(adapter);
    }

    @Test
    void theSameSeedGivesTheSameRunAndAnotherSeedAnother() {
        Recording one = whole();
        Recording two = Recording.of(trainer.train(run.recipe("again")));
        Recording other = Recording.of(trainer.train(run.recipe("other", "training.seed=8")));

        two.assertEndsLike(one);
        assertThat(two.steps()).isEqualTo(one.steps());
        assertThat(other.steps().get(1L)).isNotEqualTo(one.steps().get(1L));
        assertThat(other.adapter()).isNotEqualTo(one.adapter());
    }

    @Test
    void recomputingBlocksChangesNoNumber() {
        Recording kept = whole();

        Recording recomputed = Recording.of(trainer.train(run.recipe("less", "training.gradient_checkpointing=true")));

        assertThat(recomputed.steps()).isEqualTo(kept.steps());
        recomputed.assertEndsLike(kept);
    }

    @Test
    void accumulationEndsWithTheEpochAsALargeBatchDoes() {
        String[] still = {"method.lora_dropout=0", "training.epochs=2", "data.shuffle=false", "data.eval=null"};
        Recording parts = Recording.of(trainer.train(run.recipe("parts", with(still, "data.gradient_accumulation=4"))));
        Recording large = Recording.of(
                trainer.train(run.recipe("large", with(still, "data.gradient_accumulation=1", "data.batch_size=8"))));

        assertThat(parts.steps().keySet()).isEqualTo(large.steps().keySet());
        parts.steps()
                .forEach((step, figures) -> assertThat(figures.get(4))
                        .as("tokens of step %d", step)
                        .isEqualTo(large.steps().get(step).get(4)));
    }

    private static String[] with(String[] changes, String... more) {
        return Stream.concat(Arrays.stream(changes), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void evaluationDoesNotDependOnWhoSharesABatch() {
        Recording pairs = whole();
        Recording alone = Recording.of(trainer.train(run.recipe("alone", "data.eval_batch_size=1")));

        assertThat(alone.steps()).isEqualTo(pairs.steps());
        pairs.evaluations()
                .forEach((step, figures) ->
                        assertThat(loss(alone.evaluations().get(step))).isCloseTo(loss(figures), within(1e-5)));
    }

    private static double loss(List<Object> evaluation) {
        return (Double) ((Map<?, ?>) evaluation.get(0)).get("loss");
    }

    @Test
    void leftoversOfAnInterruptedCheckpointChangeNothing() throws IOException {
        Recording whole = whole("training.keep_best=true");
        stopped(3, "training.keep_best=true");
        Path checkpoints = run.output("stopped").resolve("checkpoints");
        Path torn = Files.createDirectories(
                checkpoints.resolve(".step-00000004.partial-999999999-1-0123abcd-0000-0000-0000-000000000000"));
        Files.writeString(torn.resolve("parameters.safetensors"), "torn");
        Files.writeString(
                run.output("stopped")
                        .resolve(
                                "best/.parameters.safetensors.partial-999999999-1-0123abcd-0000-0000-0000-000000000000"),
                "torn");

        resumed().assertEndsLike(whole);

        assertThat(torn).doesNotExist();
    }

    @Test
    void aDamagedLatestCheckpointIsPassedOverWithANote() throws IOException {
        Recording whole = whole("training.keep_best=true");
        for (String file : List.of("parameters.safetensors", "optimizer.safetensors", "state.json")) {
            stopped(5, "training.keep_best=true", "training.save_every=3", "overwrite=true");
            Path latest =
                    run.output("stopped").resolve("checkpoints/step-00000005").resolve(file);
            byte[] bytes = Files.readAllBytes(latest);
            Files.write(latest, Arrays.copyOf(bytes, bytes.length / 2));

            Recording rest = resumed();

            rest.assertEndsLike(whole);
            assertThat(rest.steps()).containsKey(4L).doesNotContainKey(3L);
            assertThat(rest.notes()).anyMatch(note -> note.contains("step-00000005") && note.contains(file));
        }
    }

    @Test
    void whenEveryCheckpointIsDamagedTheRunDoesNotGoOn() throws IOException {
        stopped(3);
        Files.delete(run.output("stopped").resolve("checkpoints/step-00000003/state.json"));

        assertThatThrownBy(this::resumed)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no checkpoint of")
                .hasMessageContaining("state.json does not exist");
        assertThat(run.output("stopped").resolve("adapter")).doesNotExist();
    }

    @Test
    void dataThatShrankIsNoticed() throws IOException {
        stopped(2);
        Path data = directory.resolve("train.jsonl");
        Files.write(data, Files.readAllLines(data).subList(0, 2));

        assertThatThrownBy(this::resumed)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stands at batch 4 of an epoch, but its data now makes 1 batches");
    }

    @Test
    void aRecipeWithOtherParametersThanTheCheckpointIsNoticed() throws IOException {
        stopped(3);
        Path recipe = run.output("stopped").resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace("r: 4", "r: 2"));

        assertThatThrownBy(this::resumed)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the run was begun with another recipe");
    }

    @Test
    void aRunReplacesNothingThatItWasNotToldTo() throws IOException {
        Path mine = Files.createDirectories(run.output("mine").resolve("adapter"));
        Files.writeString(mine.resolve("notes.txt"), "precious");
        Recipe recipe = run.recipe("mine");

        assertThatThrownBy(() -> Recording.of(trainer.train(recipe)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("holds adapter")
                .hasMessageContaining("overwrite");

        assertThat(mine.resolve("notes.txt")).hasContent("precious");
        assertThat(run.output("mine").resolve("recipe.yaml")).doesNotExist();
    }

    @Test
    void whatNeedsEvaluationSaysSoBeforeTraining() {
        Recipe recipe = run.recipe("whole", "data.eval=null", "training.keep_best=true");

        assertThatThrownBy(() -> Recording.of(trainer.train(recipe)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.keep_best needs something to evaluate on");
    }

    @Test
    void aRunThatDivergesKeepsItsCheckpoints() throws IOException {
        String[] wild = {
            "schedule.learning_rate=1e30",
            "schedule.warmup_steps=5",
            "training.clip_norm=0",
            "training.save_every=1",
            "optimizer=sgd"
        };

        assertThatThrownBy(() -> Recording.of(trainer.train(run.recipe("stopped", wild))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lower schedule.learning_rate")
                .hasMessageNotContaining("\n");

        try (Stream<Path> files = Files.list(run.output("stopped").resolve("checkpoints"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(checkpoint ->
                            assertThat(checkpoint.resolve("state.json")).exists());
        }
        assertThat(run.output("stopped").resolve("adapter")).doesNotExist();
    }
}
