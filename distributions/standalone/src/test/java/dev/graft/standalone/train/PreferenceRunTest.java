package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceRunTest {
    private static final String[] LIVE = {
        "objective={id: dpo, beta: 0.5}", "data.train=pairs.jsonl", "data.eval=eval-pairs.jsonl"
    };
    private static final String[] AHEAD = {
        "objective={id: dpo, beta: 0.5, precompute_ref_log_probs: true}",
        "data.train=pairs.jsonl",
        "data.eval=eval-pairs.jsonl"
    };

    @TempDir
    private Path directory;

    private SmallRun run;

    @BeforeEach
    void prepare() {
        run = SmallRun.in(directory);
    }

    private Recording train(String output, String... changes) {
        return Recording.of(SmallRun.trainer().train(run.recipe(output, changes)));
    }

    @Test
    void aReferenceThatRunsAheadGivesTheLossesOfALiveOne() {
        Recording live = train("live", LIVE);
        Recording ahead = train("ahead", AHEAD);

        assertThat(run.output("ahead").resolve("ahead.json")).exists();
        assertThat(run.output("live").resolve("ahead.json")).doesNotExist();
        live.steps()
                .forEach((step, told) -> assertThat(
                                (Double) ahead.steps().get(step).get(1))
                        .as("loss of step %d", step)
                        .isCloseTo((Double) told.get(1), within(1e-4)));
    }

    @Test
    void figuresOfAnotherModelOrADamagedFileAreComputedAnew() throws IOException {
        Recording whole = train("whole", AHEAD);
        Path file = run.output("stopped").resolve("ahead.json");
        Recording.untilStep(SmallRun.trainer().train(run.recipe("stopped", AHEAD)), 2);
        Map<String, Object> right = JsonFile.read(file);
        Map<String, Object> wrong = new HashMap<>(right);
        wrong.put(
                "figures",
                ((List<?>) right.get("figures"))
                        .stream()
                                .map(row -> Map.of("ref_chosen_logps", -1.0, "ref_rejected_logps", -2.0))
                                .toList());
        JsonFile.write(file, wrong);
        Recording.untilStep(SmallRun.trainer().resume(run.output("stopped")), 3).assertPartOf(whole);
        assertThat(JsonFile.read(file)).isEqualTo(right);
        Files.writeString(file, "{torn");

        Recording.of(SmallRun.trainer().resume(run.output("stopped"))).assertEndsLike(whole);
    }

    @Test
    void pairsThatPreferNothingAreCounted() throws IOException {
        Files.writeString(directory.resolve("pairs.jsonl"), """
                {"prompt": "the cat", "chosen": "sees", "rejected": "sees"}
                {"prompt": "the cat", "chosen": "", "rejected": "sees"}
                {"prompt": "the cat", "chosen": "sees a dog", "rejected": "nobody"}
                {"prompt": "a dog", "chosen": "talks", "rejected": "sees"}
                """);

        for (String objective : List.of("dpo", "reward")) {
            assertThat(train(objective, "objective=" + objective, "data.train=pairs.jsonl", "data.eval=null")
                            .notes())
                    .contains("2 of 4 training records hold nothing to learn from and were skipped");
        }
    }

    @Test
    void aMissingAnswerIsOneSentenceAndNothingIsWritten() throws IOException {
        Files.writeString(directory.resolve("pairs.jsonl"), """
                {"prompt": "the cat", "chosen": "sees a dog", "rejected": "nobody"}
                {"prompt": "a dog", "chosen": "talks"}
                """);

        assertThatThrownBy(() -> train("broken", LIVE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("pairs.jsonl:2")
                .hasMessageContaining("rejected")
                .hasMessageNotContaining("\n");
        assertThat(run.output("broken")).doesNotExist();
    }

    @Test
    void anUnpreparedRecordNamesWhatAPreferenceNeeds() {
        assertThatThrownBy(() -> train("broken", "objective=dpo", "data.eval=null"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "train.jsonl:1: column 'chosen' is missing; a preference has chosen and rejected");
    }
}
