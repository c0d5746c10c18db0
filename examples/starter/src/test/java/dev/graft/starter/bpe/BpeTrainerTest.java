package dev.graft.starter.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {

    @Test
    void theMostFrequentPairIsMergedFirst() {
        Vocabulary vocabulary = trained(2, "low", "low", "lot", "x");

        assertThat(vocabulary.merges())
                .containsExactly(new Vocabulary.Merge("l", "o"), new Vocabulary.Merge("lo", "w"));
    }

    @Test
    void equallyFrequentPairsAreMergedInTheOrderOfTheirBytes() {
        Vocabulary vocabulary = trained(1, "zy", "ab");

        assertThat(vocabulary.merges()).containsExactly(new Vocabulary.Merge("a", "b"));
    }

    @Test
    void aPairThatRepeatsInsideAWordIsMergedWithoutOverlap() {
        Vocabulary vocabulary = trained(2, "aaaa");

        assertThat(vocabulary.merges())
                .containsExactly(new Vocabulary.Merge("a", "a"), new Vocabulary.Merge("aa", "aa"));
    }

    @Test
    void mergesStayInsideWordsAndKeepTheSpaceInFront() {
        Vocabulary vocabulary = trained(2, "a b a b a b");

        assertThat(vocabulary.merges())
                .as("\"a b\" never becomes one token")
                .containsExactly(new Vocabulary.Merge("Ġ", "b"), new Vocabulary.Merge("Ġ", "a"));
    }

    @Test
    void tokensAreSpecialsThenBytesThenMerges() {
        Vocabulary vocabulary = trained(1, "ab ab");

        assertThat(vocabulary.size()).isEqualTo(1 + 256 + 1);
        assertThat(vocabulary.specials()).containsExactly("<end>");
        assertThat(vocabulary.tokens().subList(0, 256)).doesNotHaveDuplicates().contains("a", "Ġ", "Ċ");
        assertThat(vocabulary.tokens().get(256)).isEqualTo("ab");
    }

    @Test
    void aSizeWithoutRoomForTheBytesIsRefused() {
        BpeTrainer trainer = new BpeTrainer();

        assertThatThrownBy(() -> trainer.train(256, List.of("<end>")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a vocabulary of 256 has no room for 1 special tokens and 256 bytes");
    }

    @Test
    void tooLittleTextIsRefused() {
        assertThatThrownBy(() -> trained(2, "ab"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the text has pairs for 1 merges only, 2 are wanted");
    }

    private static Vocabulary trained(int merges, String... texts) {
        BpeTrainer trainer = new BpeTrainer();
        List.of(texts).forEach(trainer::add);
        return trainer.train(1 + 256 + merges, List.of("<end>"));
    }
}
