package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.recipe.MixingSection;
import dev.graft.kernel.recipe.MixingSection.Sampling;
import dev.graft.kernel.recipe.MixingSection.Weighting;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TaskSharesTest {
    private static int[] shares(Sampling sampling, double temperature, int... sizes) {
        return TaskShares.of(new MixingSection(sampling, temperature, Weighting.FIXED, 1), sizes);
    }

    @Test
    void proportionalSharesAreTheSizes() {
        assertThat(shares(Sampling.PROPORTIONAL, 2, 7, 1, 92)).containsExactly(7, 1, 92);
    }

    @Test
    void equalSharesDivideTheEpoch() {
        assertThat(shares(Sampling.EQUAL, 2, 7, 1, 92)).satisfies(counts -> {
            assertThat(Arrays.stream(counts).sum()).isEqualTo(100);
            assertThat(counts).containsOnly(33, 34);
        });
    }

    @Test
    void temperatureGoesByAPowerOfTheSize() {
        // roots of 4, 16 and 64 are 2, 4 and 8: sevenths of 84 by one, two and four
        assertThat(shares(Sampling.TEMPERATURE, 2, 4, 16, 64)).containsExactly(12, 24, 48);
        assertThat(shares(Sampling.TEMPERATURE, 1, 4, 16, 64)).containsExactly(4, 16, 64);
    }

    @Test
    void highTemperatureNearsEqualShares() {
        assertThat(shares(Sampling.TEMPERATURE, 1e6, 10, 110)).containsExactly(60, 60);
    }

    @Property(tries = 200)
    void everyTaskHasABatchAndAllTogetherAreAnEpoch(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 500) Integer> drawn,
            @ForAll Sampling sampling,
            @ForAll @IntRange(min = 1, max = 9) int temperature) {
        int[] sizes = drawn.stream().mapToInt(Integer::intValue).toArray();

        int[] counts = shares(sampling, temperature, sizes);

        assertThat(counts).hasSameSizeAs(sizes);
        assertThat(Arrays.stream(counts)).allMatch(count -> count >= 1);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(Arrays.stream(sizes).sum());
    }
}
