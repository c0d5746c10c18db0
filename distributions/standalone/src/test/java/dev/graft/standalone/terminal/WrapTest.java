package dev.graft.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WrapTest {
    @Test
    void linesOfTheTextStayLines() {
        assertThat(Wrap.lines("one two\nthree", 80)).containsExactly("one two", "three");
    }

    @Property(tries = 200)
    void noWordIsLostAndNoLineIsTooWideUnlessItIsOneWord(
            @ForAll @CharRange(from = 'a', to = 'c') @CharRange(from = ' ', to = ' ') @StringLength(max = 60)
                    String text,
            @ForAll @IntRange(min = 1, max = 20) int columns) {
        List<String> lines = Wrap.lines(text, columns);

        assertThat(String.join(" ", lines).strip()).isEqualTo(text.strip().replaceAll(" +", " "));
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.length() <= columns || !line.contains(" "))
                        .isTrue());
    }
}
