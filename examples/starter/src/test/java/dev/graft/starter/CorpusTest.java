package dev.graft.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CorpusTest {

    private static final List<String> DOCUMENTS =
            LongStream.range(0, 20_000).mapToObj(new Corpus(3)::document).toList();

    @Test
    void theSameSeedWritesTheSameDocuments() {
        Corpus again = new Corpus(3);

        assertThat(LongStream.range(0, 200).mapToObj(again::document))
                .containsExactlyElementsOf(DOCUMENTS.subList(0, 200));
    }

    @Test
    void anotherSeedWritesOtherDocuments() {
        assertThat(new Corpus(4).document(0)).isNotEqualTo(DOCUMENTS.get(0));
    }

    @Test
    void longDocumentsSeldomRepeat() {
        List<String> stories =
                DOCUMENTS.stream().filter(text -> text.length() > 300).toList();
        int distinct = new HashSet<>(stories).size();

        assertThat(stories.size()).isGreaterThan(2000);
        assertThat(distinct).isGreaterThan(stories.size() * 98 / 100);
    }

    @Test
    void noDocumentLeavesAMarkOfTheGrammar() {
        assertThat(DOCUMENTS).noneMatch(text -> text.matches("(?s).*[{}\\[\\]@^~].*"));
    }

    @Test
    void everySentenceBeginsWithACapital() {
        assertThat(DOCUMENTS).noneMatch(text -> text.matches("(?s).*[a-z\"][.!?] [a-z].*"));
    }

    @Test
    void scenesUseTheMarkersOfTheChatFormat() {
        List<String> scenes = DOCUMENTS.stream()
                .filter(text -> text.contains(SpecialTokens.TURN_START))
                .toList();

        assertThat(scenes.size()).isBetween(500, 900);
        assertThat(scenes).allMatch(text -> text.matches("(?:<\\|im_start\\|>[A-Z][a-z]+\n[^<\n]+<\\|im_end\\|>\n)+"));
    }
}
