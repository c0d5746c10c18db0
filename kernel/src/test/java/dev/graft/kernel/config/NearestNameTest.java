package dev.graft.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> KNOWN = List.of("learning_rate", "layer_decay", "warmup_steps", "kind");

    @Test
    void aSlipOfTheFingerFindsTheName() {
        assertThat(NearestName.to("learing-rate", KNOWN)).contains("learning_rate");
        assertThat(NearestName.to("knid", KNOWN)).contains("kind");
    }

    @Test
    void aDifferentWordFindsNothingAndListsAll() {
        assertThat(NearestName.to("momentum", KNOWN)).isEmpty();
        assertThat(NearestName.suggestion("momentum", KNOWN))
                .isEqualTo("allowed: learning_rate, layer_decay, warmup_steps, kind");
    }

    @Property(tries = 200)
    void distanceIsSymmetricAndZeroOnlyForEqualNames(
            @ForAll @AlphaChars @StringLength(max = 8) String left,
            @ForAll @AlphaChars @StringLength(max = 8) String right) {
        int distance = NearestName.distance(left, right);

        assertThat(distance).isEqualTo(NearestName.distance(right, left)).isLessThanOrEqualTo(8);
        assertThat(distance == 0).isEqualTo(left.equals(right));
    }
}
