package dev.graft.objectives.maskedlm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import org.junit.jupiter.api.Test;

class WordsTest {
    /** Tokens at these borders of a text, with a special token at either end. */
    private static int[] words(String text, int... borders) {
        int count = borders.length / 2;
        int[] starts = new int[count + 2];
        int[] ends = new int[count + 2];
        for (int i = 0; i < count; i++) {
            starts[i + 1] = borders[2 * i];
            ends[i + 1] = borders[2 * i + 1];
        }
        starts[count + 1] = text.length();
        ends[count + 1] = text.length();
        return Words.of(text, new Encoding(new int[count + 2], starts, ends));
    }

    @Test
    void piecesOfAWordBelongTogether() {
        assertThat(words("unhappy dogs", 0, 2, 2, 7, 8, 11, 11, 12)).containsExactly(0, 1, 1, 2, 2, 3);
    }

    @Test
    void aTokenThatBeginsWithItsSpaceBeginsAWord() {
        assertThat(words("a dog", 0, 1, 1, 3, 3, 5)).containsExactly(0, 1, 2, 2, 3);
    }

    @Test
    void punctuationIsAWordOfItsOwn() {
        assertThat(words("don't.", 0, 3, 3, 4, 4, 5, 5, 6)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void theBytesOfOneCharacterBelongTogether() {
        assertThat(words("€", 0, 1, 0, 1, 0, 1)).containsExactly(0, 1, 1, 1, 2);
    }
}
