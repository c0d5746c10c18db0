package dev.graft.methods.ppt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.methods.ppt.SelfSupervision.Question;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SelfSupervisionTest {
    private static final Documents OTHERS = new Documents(List.of(numbered("other", 3), numbered("third", 2)));

    private static List<String> numbered(String name, int count) {
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sentences.add(name + i + ".");
        }
        return sentences;
    }

    private static int number(String sentence) {
        return Integer.parseInt(sentence.replaceAll("\\D", ""));
    }

    @Property(tries = 200)
    void theLabelOfAPairSaysHowItsSentencesStand(
            @ForAll @IntRange(min = 2, max = 6) int count, @ForAll @IntRange(max = 10000) int seed) {
        Question question = new SentencePairs()
                .ask(numbered("own", count), OTHERS, RandomStream.seeded(seed))
                .orElseThrow();
        String first = question.parts().get("first");
        String second = question.parts().get("second");

        assertThat(first).startsWith("own");
        switch (question.label()) {
            case 0 -> assertThat(second).doesNotStartWith("own");
            case 1 -> assertThat(number(second)).isNotEqualTo(number(first)).isNotEqualTo(number(first) + 1);
            case 2 -> assertThat(number(second)).isEqualTo(number(first) + 1);
            default -> throw new AssertionError("label " + question.label());
        }
    }

    @Test
    void allThreeLabelsOccurAboutAsOften() {
        RandomStream random = RandomStream.seeded(1);
        int[] counts = new int[3];
        for (int i = 0; i < 3000; i++) {
            counts[
                    new SentencePairs()
                            .ask(numbered("own", 4), OTHERS, random)
                            .orElseThrow()
                            .label()]++;
        }
        assertThat(counts).satisfies(all -> {
            for (int count : all) {
                assertThat(count).isBetween(850, 1150);
            }
        });
    }

    @Property(tries = 200)
    void onlyTheRightOptionIsTheNextSentence(
            @ForAll @IntRange(min = 2, max = 5) int count,
            @ForAll @IntRange(min = 2, max = 6) int candidates,
            @ForAll @IntRange(max = 10000) int seed) {
        Question question = new SentenceChoices(candidates)
                .ask(numbered("own", count), OTHERS, RandomStream.seeded(seed))
                .orElseThrow();
        String next = "own" + (number(question.parts().get("question")) + 1) + ".";
        String[] options = question.parts().get("options").split(" ", -1);

        assertThat(options).hasSize(2 * candidates);
        for (int i = 0; i < candidates; i++) {
            assertThat(options[2 * i]).isEqualTo((char) ('A' + i) + ".");
            assertThat(options[2 * i + 1].equals(next)).isEqualTo(i == question.label());
        }
        long ofTheSameText = List.of(options).stream()
                .filter(option -> option.startsWith("own"))
                .count();
        assertThat(ofTheSameText).isEqualTo(count > 2 && candidates > 2 ? 2 : 1);
    }

    @Test
    void singleSentencesHaveNoLabelYet() {
        Question question = new SingleSentences()
                .ask(List.of("one."), OTHERS, RandomStream.seeded(1))
                .orElseThrow();

        assertThat(question.label()).isEqualTo(-1);
        assertThat(question.parts()).containsEntry("sentence", "one.");
    }

    @Test
    void aTextOfOneSentenceHasNoNextOne() {
        assertThat(new SentencePairs().ask(List.of("one."), OTHERS, RandomStream.seeded(1)))
                .isEmpty();
        assertThat(new SentenceChoices(3).ask(List.of("one."), OTHERS, RandomStream.seeded(1)))
                .isEmpty();
    }

    @Test
    void sentencesEndWithAMarkBeforeASpace() {
        assertThat(Documents.sentences(" It rained. \"Did it?\" he asked. Yes!  At 3.14 sharp.\nWell"))
                .containsExactly("It rained.", "\"Did it?\"", "he asked.", "Yes!", "At 3.14 sharp.", "Well");
        assertThat(Documents.sentences("  ")).isEmpty();
    }

    @Test
    void textsThatAreAllTheSameGiveNothingWrongToChoose() {
        Documents same = new Documents(List.of(numbered("own", 2), numbered("own", 2)));

        assertThatThrownBy(() -> same.elsewhere(numbered("own", 2), RandomStream.seeded(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("all texts of the training data are the same");
    }
}
