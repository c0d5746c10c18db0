package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunTest {
    private static final int SIGKILL = 128 + 9;

    @Test
    void aKilledRunGoesOnToTheSameNumbers(@TempDir Path directory) throws IOException, InterruptedException {
        String[] changes = {"training.epochs=20", "training.save_every=1", "training.keep_best=true"};
        SmallRun run = SmallRun.in(directory);
        Recording whole = Recording.of(SmallRun.trainer().train(run.recipe("whole", changes)));
        Path output = run.output("killed");

        long[] first =
                ForkedRun.killedAfter(3, "train", directory.toString(), "killed", changes[0], changes[1], changes[2]);
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
