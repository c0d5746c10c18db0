package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.data.BatchStream;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskMixtureTest {
    private static final int[] SIZES = {6, 3};

    /** Task 0 has examples 1 to 6, task 1 has 101 to 103, each in a batch of its own. */
    private static TaskMixture mixture(long seed, int... counts) {
        List<BatchStream> streams = new ArrayList<>();
        for (int task = 0; task < SIZES.length; task++) {
            int first = 100 * task + 1;
            List<Example> examples = IntStream.range(first, first + SIZES[task])
                    .mapToObj(id -> Example.of(Sequence.of(new int[] {id}, null)))
                    .toList();
            streams.add(new BatchStream(examples, 1, true, seed, false, 8, 0));
        }
        return new TaskMixture(streams, counts, seed);
    }

    private static List<Long> epoch(TaskMixture mixture) {
        List<Long> ids = new ArrayList<>();
        long begun = mixture.epoch();
        while (mixture.epoch() == begun) {
            for (TaskMixture.Mixed mixed : mixture.mixed(1)) {
                long id = mixed.batch().ids()[0];
                assertThat(mixed.task()).isEqualTo(id > 100 ? 1 : 0);
                ids.add(id);
            }
        }
        return ids;
    }

    @Test
    void anEpochOfProportionalSharesIsOnePassOverAllData() {
        TaskMixture mixture = mixture(3, 6, 3);

        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(epoch(mixture)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 101L, 102L, 103L);
        }
    }

    @Test
    void aTaskWithASmallerShareGoesOnWithItsDataInTheNextEpoch() {
        TaskMixture mixture = mixture(3, 2, 7);
        List<Long> three = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Long> ids = epoch(mixture);
            assertThat(ids).filteredOn(id -> id < 100).hasSize(2);
            three.addAll(ids);
        }

        assertThat(three).filteredOn(id -> id < 100).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(three).filteredOn(id -> id > 100).hasSize(21);
    }

    @Test
    void theOrderOfTasksChangesFromEpochToEpochAndWithTheSeed() {
        TaskMixture mixture = mixture(3, 6, 3);
        List<Boolean> first = tasks(epoch(mixture));

        assertThat(tasks(epoch(mixture))).isNotEqualTo(first);
        assertThat(tasks(epoch(mixture(3, 6, 3)))).isEqualTo(first);
        assertThat(tasks(epoch(mixture(4, 6, 3)))).isNotEqualTo(first);
    }

    private static List<Boolean> tasks(List<Long> ids) {
        return ids.stream().map(id -> id > 100).toList();
    }

    @Test
    void whatComesAfterAnyPositionDependsOnThePositionAlone() {
        TaskMixture whole = mixture(5, 2, 7);
        List<Long> all = new ArrayList<>();
        for (int epoch = 0; epoch < 4; epoch++) {
            all.addAll(epoch(whole));
        }
        for (int done = 0; done < 27; done++) {
            TaskMixture moved = mixture(5, 2, 7);
            moved.moveTo(done / 9, done % 9);

            assertThat(moved.epoch()).isEqualTo(done / 9);
            assertThat(moved.index()).isEqualTo(done % 9);
            assertThat(moved.step(1).get(0).ids()[0]).isEqualTo(all.get(done));
            assertThat(epoch(moved)).isEqualTo(all.subList(done + 1, 9 * ((done + 1) / 9 + 1)));
        }
    }

    @Test
    void aStepDoesNotReachAcrossTheEndOfAnEpoch() {
        TaskMixture mixture = mixture(5, 6, 3);

        assertThat(mixture.mixed(4)).hasSize(4);
        assertThat(mixture.mixed(4)).hasSize(4);
        assertThat(mixture.mixed(4)).hasSize(1);
        assertThat(mixture.stepsPerEpoch(4)).isEqualTo(3);
        assertThat(mixture.epoch()).isEqualTo(1);
    }
}
