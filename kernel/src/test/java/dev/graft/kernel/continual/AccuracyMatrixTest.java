package dev.graft.kernel.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AccuracyMatrixTest {
    private static final double ROUNDING = 1e-12;

    private final AccuracyMatrix matrix =
            new AccuracyMatrix(new double[][] {{0.8, 0.5, 0.4}, {0.9, 0.7, 0.6}, {0.6, 0.8, 1.0}});

    @Test
    void theAverageIsOverTheLastRow() {
        assertThat(matrix.average()).isCloseTo(0.8, within(ROUNDING));
    }

    @Test
    void whatWasLearnedIsTheDiagonal() {
        assertThat(matrix.learned()).isCloseTo((0.8 + 0.7 + 1.0) / 3, within(ROUNDING));
    }

    @Test
    void forgettingIsFromTheBestBeforeTheEnd() {
        assertThat(matrix.forgetting()).isCloseTo(((0.9 - 0.6) + (0.7 - 0.8)) / 2, within(ROUNDING));
    }

    @Test
    void backwardTransferIsFromWhenATaskWasLearned() {
        assertThat(matrix.backwardTransfer()).isCloseTo(((0.6 - 0.8) + (0.8 - 0.7)) / 2, within(ROUNDING));
    }

    @Test
    void aSingleTaskForgetsNothing() {
        AccuracyMatrix single = new AccuracyMatrix(new double[][] {{0.5}});

        assertThat(single.forgetting()).isZero();
        assertThat(single.backwardTransfer()).isZero();
    }

    @Test
    void aMatrixIsSquare() {
        assertThatThrownBy(() -> new AccuracyMatrix(new double[][] {{1, 2}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 rows has a row of 2");
    }
}
