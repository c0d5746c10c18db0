package dev.graft.kernel.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratedTextTest {
    private static final int[] PROMPT = {0};

    @Test
    void anIncompleteCharacterIsHeldBack() {
        byte[] euro = "€".getBytes(UTF_8);
        BytesTokenizer tokenizer = new BytesTokenizer(
                List.of(new byte[] {'a'}, new byte[] {euro[0]}, new byte[] {euro[1]}, new byte[] {euro[2]}));
        GeneratedText text = new GeneratedText(tokenizer, PROMPT, List.of());

        assertThat(List.of(text.add(0), text.add(1), text.add(2), text.add(3), text.add(0)))
                .containsExactly("a", "", "", "€", "a");
        assertThat(text).hasToString("a€a");
    }

    @Test
    void whatNeverBecameACharacterComesAtTheEnd() {
        BytesTokenizer tokenizer = new BytesTokenizer(List.of(new byte[] {'a'}, new byte[] {(byte) 0xe2}));
        GeneratedText text = new GeneratedText(tokenizer, PROMPT, List.of());

        assertThat(List.of(text.add(0), text.add(1), text.finish())).containsExactly("a", "", "\uFFFD");
    }

    @Test
    void theBeginningOfAStopStringIsHeldBackUntilItIsNone() {
        GeneratedText text = new GeneratedText(BytesTokenizer.characters("abcd"), PROMPT, List.of("bcd", "ca"));

        assertThat(told(text, 0, 1, 2, 1, 2, 0)).containsExactly("a", "", "", "bc", "", "b");
        assertThat(text.stopped()).isTrue();
        assertThat(text).hasToString("abcb");
        assertThat(text.finish()).isEmpty();
    }

    @Test
    void whatWasHeldBackComesAtTheEndWhenNoStopStringCame() {
        GeneratedText text = new GeneratedText(BytesTokenizer.characters("abcd"), PROMPT, List.of("bcd"));

        assertThat(told(text, 0, 1, 2)).containsExactly("a", "", "");
        assertThat(text.finish()).isEqualTo("bc");
        assertThat(text.stopped()).isFalse();
    }

    @Test
    void aStopStringInsideOneTokenCutsTheToken() {
        BytesTokenizer tokenizer = new BytesTokenizer(List.of("x".getBytes(UTF_8), "one\ntwo".getBytes(UTF_8)));
        GeneratedText text = new GeneratedText(tokenizer, PROMPT, List.of("\n"));

        assertThat(text.add(1)).isEqualTo("one");
        assertThat(text.stopped()).isTrue();
    }

    private static List<String> told(GeneratedText text, int... ids) {
        List<String> told = new ArrayList<>();
        for (int id : ids) {
            told.add(text.add(id));
        }
        return told;
    }
}
