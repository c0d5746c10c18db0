package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
}
