package dev.graft.methods.full;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.method.Progress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UnfreezingTest {
    private static final int LAYERS = 4;
    private static final int HEAD = Integer.MAX_VALUE;

    @Test
    void withoutAScheduleEverythingLearnsFromTheStart() {
        assertThat(new Unfreezing(LAYERS, null, 0).trains(-1, at(0))).isTrue();
    }

    @Test
    void theHeadIsFirstAndTheEmbeddingsAreLast() {
        Unfreezing unfreezing = new Unfreezing(LAYERS, 1.0, 0);

        assertThat(unfreezing.trains(HEAD, at(0))).isTrue();
        assertThat(unfreezing.trains(3, at(0.99))).isFalse();
        assertThat(unfreezing.trains(3, at(1))).isTrue();
        assertThat(unfreezing.trains(0, at(4))).isTrue();
        assertThat(unfreezing.trains(-1, at(4))).isFalse();
        assertThat(unfreezing.trains(-1, at(5))).isTrue();
    }

    @Test
    void stepsOfAFractionOfAnEpochAreCountedThough01IsNotExact() {
        Unfreezing unfreezing = new Unfreezing(LAYERS, 0.1, 0);

        assertThat(unfreezing.trains(1, at(0.1 + 0.1 + 0.1))).isTrue();
        assertThat(unfreezing.trains(1, at(3 * 0.1 - 1e-12))).isTrue();
    }

    @Property
    void whatLearnsOnceLearnsFromThenOnAndHigherBlocksLearnNoLaterThanLowerOnes(
            @ForAll @DoubleRange(min = 0.1, max = 3) double every,
            @ForAll @IntRange(min = 0, max = LAYERS) int first,
            @ForAll @IntRange(min = 0, max = LAYERS - 1) int layer,
            @ForAll @DoubleRange(min = 0, max = 10) double epoch,
            @ForAll @DoubleRange(min = 0, max = 10) double later) {
        Unfreezing unfreezing = new Unfreezing(LAYERS, every, first);

        if (unfreezing.trains(layer, at(epoch))) {
            assertThat(unfreezing.trains(layer, at(epoch + later))).isTrue();
            assertThat(unfreezing.trains(layer + 1, at(epoch))).isTrue();
        }
    }

    private static Progress at(double epoch) {
        return new Progress(0, 0, epoch, 10);
    }
}
