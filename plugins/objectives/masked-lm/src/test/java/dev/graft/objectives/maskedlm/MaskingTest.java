package dev.graft.objectives.maskedlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final int MASK = 4;
    private static final int VOCABULARY = 1000;

    private static Masking masking(Map<String, Object> keys) {
        return new Masking(ConfigurationBinder.bind(MaskedLmConfig.class, keys, "objective"), MASK, VOCABULARY);
    }

    /** Tokens from 10 on, two to a word, between a special token at either end. */
    private static Sequence sequence(int length) {
        int[] ids = IntStream.range(0, length).map(i -> 10 + i % 900).toArray();
        int[] labels = ids.clone();
        labels[0] = -100;
        labels[length - 1] = -100;
        int[] words = IntStream.range(0, length).map(i -> (i + 1) / 2).toArray();
        return new Sequence(ids, labels, null, null, words);
    }

    @Test
    void theSharesAreThoseOfBert() {
        Sequence plain = sequence(200_000);
        Sequence drawn = masking(Map.of()).draw(plain, RandomStream.seeded(3));
        int chosen = 0;
        int masked = 0;
        int kept = 0;
        for (int i = 0; i < plain.length(); i++) {
            if (drawn.labels()[i] == -100) {
                assertThat(drawn.ids()[i]).isEqualTo(plain.ids()[i]);
                continue;
            }
            assertThat(drawn.labels()[i]).isEqualTo(plain.ids()[i]);
            chosen++;
            masked += drawn.ids()[i] == MASK ? 1 : 0;
            kept += drawn.ids()[i] == plain.ids()[i] ? 1 : 0;
        }
        assertThat(chosen / 200_000.0).isCloseTo(0.15, within(0.005));
        assertThat((double) masked / chosen).isCloseTo(0.8, within(0.01));
        assertThat((double) kept / chosen).isCloseTo(0.1, within(0.01));
    }

    @Property(tries = 100)
    void specialTokensAreNeverChosenAndSomethingAlwaysIs(
            @ForAll long seed, @ForAll @IntRange(min = 3, max = 40) int length) {
        Sequence drawn = masking(Map.of("mlm_probability", 0.01)).draw(sequence(length), RandomStream.seeded(seed));

        assertThat(drawn.labels()[0]).isEqualTo(-100);
        assertThat(drawn.labels()[length - 1]).isEqualTo(-100);
        assertThat(Arrays.stream(drawn.labels())).anyMatch(label -> label != -100);
        assertThat(drawn.length()).isEqualTo(length);
    }

    @Property(tries = 100)
    void wordsAreChosenWhole(@ForAll long seed, @ForAll @IntRange(min = 3, max = 60) int length) {
        Sequence plain = sequence(length);
        Sequence drawn =
                masking(Map.of("whole_word_mask", true, "mlm_probability", 0.4)).draw(plain, RandomStream.seeded(seed));
        for (int i = 1; i < length; i++) {
            boolean together = plain.words()[i] == plain.words()[i - 1]
                    && plain.labels()[i] != -100
                    && plain.labels()[i - 1] != -100;
            if (together) {
                assertThat(drawn.labels()[i] == -100).isEqualTo(drawn.labels()[i - 1] == -100);
            }
        }
    }

    @Test
    void theSameNumbersDrawTheSameTokens() {
        Masking masking = masking(Map.of());
        Sequence one = masking.draw(sequence(50), RandomStream.seeded(9));
        Sequence same = masking.draw(sequence(50), RandomStream.seeded(9));
        Sequence other = masking.draw(sequence(50), RandomStream.seeded(10));

        assertThat(same.ids()).isEqualTo(one.ids());
        assertThat(same.labels()).isEqualTo(one.labels());
        assertThat(Arrays.equals(other.labels(), one.labels())).isFalse();
    }

    @Test
    void wrongKeysAreOneSentence() {
        assertThatThrownBy(() -> masking(Map.of("mlm_probability", 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mlm_probability of masked-lm is 0.0; it must be above 0, at most 1");
        assertThatThrownBy(() -> masking(Map.of("random_replace_prob", 0.3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("add up to 1.1; they must add up to at most 1");
    }
}
