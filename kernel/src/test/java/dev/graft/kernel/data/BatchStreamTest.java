package dev.graft.kernel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
    @Property(tries = 200)
    void everyEpochHoldsEveryExampleOnce(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 12) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 7) int batchSize,
            @ForAll boolean packing,
            @ForAll long seed) {
        List<Example> examples = examples(lengths);
        BatchStream stream = new BatchStream(examples, batchSize, true, seed, packing, 12, 0);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Example> seen = new ArrayList<>();
            for (int i = 0; i < stream.batchesPerEpoch(); i++) {
                assertThat(stream.epoch()).isEqualTo(epoch);
                seen.addAll(stream.next().examples());
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(examples);
        }
    }

    @Property(tries = 200)
    void aStreamThatMovesToAPositionGoesOnAsOneThatGotThere(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 12) Integer> lengths,
            @ForAll @IntRange(min = 0, max = 50) int steps,
            @ForAll boolean packing,
            @ForAll long seed) {
        List<Example> examples = examples(lengths);
        BatchStream walked = new BatchStream(examples, 3, true, seed, packing, 12, 0);
        IntStream.range(0, steps).forEach(i -> walked.next());
        BatchStream moved = new BatchStream(examples, 3, true, seed, packing, 12, 0);
        moved.moveTo(walked.epoch(), walked.index());
        for (int i = 0; i < 5; i++) {
            assertThat(moved.next().ids()).isEqualTo(walked.next().ids());
        }
    }

    @Property(tries = 200)
    void packedRowsAreNeverLongerThanAllowed(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 20) Integer> lengths) {
        List<List<Example>> rows = Packing.rows(examples(lengths), 20);

        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(row.stream().mapToInt(Example::tokens).sum()).isLessThanOrEqualTo(20));
        int total = lengths.stream().mapToInt(Integer::intValue).sum();
        assertThat(rows.size()).isLessThanOrEqualTo(Math.max(1, 2 * ((total + 19) / 20)));
    }

    @Test
    void theOrderChangesFromEpochToEpochButNotWithTheSameSeed() {
        List<Example> examples = examples(IntStream.rangeClosed(1, 30).boxed().toList());
        BatchStream first = new BatchStream(examples, 30, true, 1, false, 64, 0);
        BatchStream again = new BatchStream(examples, 30, true, 1, false, 64, 0);
        BatchStream other = new BatchStream(examples, 30, true, 2, false, 64, 0);

        List<Example> epoch = first.next().examples();

        assertThat(epoch)
                .isEqualTo(again.next().examples())
                .isNotEqualTo(other.next().examples());
        assertThat(first.next().examples()).isNotEqualTo(epoch);
    }

    @Test
    void withoutShufflingTheOrderIsThatOfTheFiles() {
        List<Example> examples = examples(List.of(3, 1, 2));
        BatchStream stream = new BatchStream(examples, 2, false, 1, false, 64, 0);

        assertThat(stream.batchesPerEpoch()).isEqualTo(2);
        assertThat(stream.next().examples()).isEqualTo(examples.subList(0, 2));
        assertThat(stream.next().examples()).isEqualTo(examples.subList(2, 3));
        assertThat(stream.epoch()).isEqualTo(1);
        assertThat(stream.index()).isZero();
    }

    @Test
    void aPositionOfAnotherDataSetIsRefused() {
        BatchStream stream = new BatchStream(examples(List.of(1, 1)), 1, true, 1, false, 8, 0);

        assertThatThrownBy(() -> stream.moveTo(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an epoch has 2 batches");
    }

    @Test
    void paddingReachesTheLongestRowOrTheNextMultiple() {
        List<Example> examples = List.of(example(5, 6, 7), example(8));

        HostBatch batch = HostBatch.padded(examples, 9, 1);
        HostBatch wide = HostBatch.padded(examples, 9, 8);

        assertThat(batch.ids()).containsExactly(5, 6, 7, 8, 9, 9);
        assertThat(batch.mask()).containsExactly(1, 1, 1, 1, 0, 0);
        assertThat(batch.labels()).containsExactly(5, 6, 7, 8, -100, -100);
        assertThat(batch.positions()).isNull();
        assertThat(batch.tokens()).isEqualTo(4);
        assertThat(wide.length()).isEqualTo(8);
        assertThat(HostBatch.padded(List.of(example(1, 2)), 9, 1).mask()).isNull();
    }

    @Test
    void packedSequencesKeepPositionsAndSegmentsOfTheirOwn() {
        List<List<Example>> rows = List.of(List.of(example(1, 2, 3), example(4, 5)), List.of(example(6, 7, 8)));

        HostBatch batch = HostBatch.packed(rows, 0, 1);

        assertThat(batch.ids()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 0, 0);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 0, 1, 0, 1, 2, 0, 1);
        assertThat(batch.segments()).containsExactly(0, 0, 0, 1, 1, 0, 0, 0, 1, 1);
        assertThat(batch.labels()).containsExactly(1, 2, 3, -100, 5, 6, 7, 8, -100, -100);
        assertThat(batch.mask()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
    }

    @Test
    void examplesOfTwoSequencesTakeTwoRows() {
        Example pair = new Example(
                List.of(new Sequence(new int[] {1}, null, new int[] {0}), new Sequence(new int[] {2, 3}, null, null)),
                Map.of());

        HostBatch batch = HostBatch.padded(List.of(pair), 0, 1);

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.labels()).isNull();
        assertThat(batch.types()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void evaluationGoesThroughTheExamplesInOrder() {
        List<Example> examples = examples(List.of(2, 3, 1));

        assertThat(BatchStream.once(examples, 2, 0))
                .extracting(HostBatch::examples)
                .containsExactly(examples.subList(0, 2), examples.subList(2, 3));
    }

    /** Examples of the given lengths whose tokens are all different, so that no two are equal. */
    private static List<Example> examples(List<Integer> lengths) {
        List<Example> examples = new ArrayList<>();
        int next = 0;
        for (int length : lengths) {
            examples.add(example(IntStream.range(next, next + length).toArray()));
            next += length;
        }
        return examples;
    }

    private static Example example(int... ids) {
        return Example.of(Sequence.of(ids, ids));
    }

    @Test
    void branchesCountTheirPositionsFromTheEndOfTheTrunk() {
        Sequence sequence = new Sequence(
                new int[] {7, 8, 9, 1, 2, 3},
                new int[] {-100, -100, 9, 1, 2, 3},
                null,
                new int[] {0, 0, 1, 1, 2, 2},
                null);
        Sequence apart = new Sequence(new int[] {4, 5, 6}, new int[] {4, 5, 6}, null, new int[] {1, 1, 2}, null);
        HostBatch padded = HostBatch.padded(List.of(Example.of(sequence), Example.of(apart)), 0, 1);

        assertThat(sequence.positions()).containsExactly(0, 1, 2, 3, 2, 3);
        assertThat(sequence.depth()).isEqualTo(4);
        assertThat(apart.positions()).as("without a trunk").containsExactly(0, 1, 0);
        assertThat(padded.positions()).startsWith(0, 1, 2, 3, 2, 3, 0, 1, 0);
        assertThat(padded.branches()).containsExactly(0, 0, 1, 1, 2, 2, 1, 1, 2, 0, 0, 0);
        assertThat(padded.segments()).isNull();
    }

    @Property(tries = 100)
    void whatIsDrawnDependsOnTheSeedTheEpochAndThePlaceAlone(
            @ForAll @IntRange(min = 1, max = 5) int batchSize, @ForAll boolean shuffle, @ForAll long seed) {
        List<Example> examples = examples(List.of(3, 1, 4, 1, 5));
        Draw draw = (example, random) ->
                new Example(example.sequences(), Map.of("drawn", (double) random.nextInt(1 << 30)));
        BatchStream single = new BatchStream(examples, new BatchLayout(1, false, 9, 0, 1), shuffle, seed, draw);
        BatchStream several =
                new BatchStream(examples, new BatchLayout(batchSize, false, 9, 0, 1), shuffle, seed, draw);
        List<Double> one = drawn(single, 2 * examples.size());
        List<Double> other = drawn(several, 2 * examples.size());

        assertThat(other).isEqualTo(one);
        assertThat(one.subList(5, 10)).doesNotContainAnyElementsOf(one.subList(0, 5));
    }

    private static List<Double> drawn(BatchStream stream, int count) {
        List<Double> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            stream.next()
                    .examples()
                    .forEach(example -> drawn.add(example.values().get("drawn")));
        }
        return drawn;
    }
}
