package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KilledRunTest {
    private static final int SIGKILL = 128 + 9;

    static Stream<List<String>> objectives() {
        return SmallRun.objectives();
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aKilledRunGoesOnToTheSameNumbers(List<String> objective, @TempDir Path directory)
            throws IOException, InterruptedException {
        String[] changes = Stream.concat(
                        objective.stream(),
                        Stream.of("training.epochs=10", "training.save_every=1", "training.keep_best=true"))
                .toArray(String[]::new);
        SmallRun run = SmallRun.in(directory);
        Recording whole = Recording.of(SmallRun.trainer().train(run.recipe("whole", changes)));
        Path output = run.output("killed");

        long[] first = ForkedRun.killedAfter(
                3,
                Stream.concat(Stream.of("train", directory.toString(), "killed"), Stream.of(changes))
                        .toArray(String[]::new));
        long[] second = ForkedRun.killedAfter(5, "resume", output.toString());

        assertThat(first[0]).isEqualTo(SIGKILL);
        assertThat(second[0]).isEqualTo(SIGKILL);
        assertThat(second[1]).isGreaterThan(first[1]);
        assertThat(output.resolve("adapter")).doesNotExist();
        Recording rest = Recording.of(SmallRun.trainer().resume(output));
        rest.assertEndsLike(whole);
        assertThat(rest.steps().keySet()).isNotEmpty().allMatch(step -> step > second[1]);
    }

    @Test
    void aKilledRunThatIsHeldToAnEarlierTaskGoesOnToTheSameNumbers(@TempDir Path directory)
            throws IOException, InterruptedException {
        SmallRun run = SmallRun.in(directory);
        String first = "method=[{id: lora, r: 4}, {id: ewc, lambda: 1e6, fisher_examples: 5}]";
        Recording.of(SmallRun.trainer().train(run.recipe("first", first)));
        String[] changes = {
            "method={adapter: " + run.output("first/adapter") + "}", "training.epochs=10", "training.save_every=1"
        };
        Recording whole = Recording.of(SmallRun.trainer().train(run.recipe("whole", changes)));
        Path output = run.output("killed");

        long[] killed = ForkedRun.killedAfter(
                5,
                Stream.concat(Stream.of("train", directory.toString(), "killed"), Stream.of(changes))
                        .toArray(String[]::new));

        assertThat(killed[0]).isEqualTo(SIGKILL);
        Recording rest = Recording.of(SmallRun.trainer().resume(output));
        rest.assertPartOf(whole);
        assertThat(rest.steps().keySet()).isNotEmpty().allMatch(step -> step > killed[1]);
        for (String folder : List.of("lora", "ewc")) {
            assertThat(output.resolve("adapter").resolve(folder).resolve("adapter_model.safetensors"))
                    .hasSameBinaryContentAs(
                            run.output("whole/adapter/" + folder).resolve("adapter_model.safetensors"));
        }
    }
}
