package dev.graft.standalone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void ticksAreRoundFiguresWithTheDigitsTheyNeed() {
        Axis axis = new Axis(0.93, 3.12, 0, 100);

        List<String> labels =
                axis.ticks(6).stream().map(tick -> axis.label(tick, 6)).toList();

        assertThat(labels).containsExactly("1.0", "1.5", "2.0", "2.5", "3.0");
    }

    @Test
    void verySmallFiguresAreWrittenWithAnExponent() {
        Axis axis = new Axis(0, 2.1e-4, 0, 100);

        assertThat(axis.ticks(2).stream().map(tick -> axis.label(tick, 2)).toList())
                .containsExactly("0", "2.0e-4");
    }

    @Property(tries = 300)
    void everyFigureOfARangeHasItsPlaceAndThereAreAFewTicks(
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double smallest,
            @ForAll @DoubleRange(min = 0, max = 1e6) double span) {
        Axis axis = Axis.over(smallest, smallest + span, 0, 100);

        assertThat(axis.pixel(smallest)).isBetween(0.0, 100.0);
        assertThat(axis.pixel(smallest + span)).isBetween(0.0, 100.0);
        assertThat(axis.ticks(6))
                .hasSizeBetween(2, 12)
                .allSatisfy(tick -> assertThat(axis.pixel(tick)).isCloseTo(50, within(50 + 1e-6)));
    }
}
