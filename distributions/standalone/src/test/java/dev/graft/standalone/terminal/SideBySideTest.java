package dev.graft.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void bothTextsKeepToTheirHalf() {
        assertThat(SideBySide.lines("one two three", "four\nabcdefghijkl", 15))
                .containsExactly("one    \u2502 four", "two    \u2502 abcdef", "three  \u2502 ghijkl");
    }

    @Test
    void whatATerminalWouldObeyIsMadeVisible() {
        assertThat(SideBySide.lines("a\u001b[2J", "b", 30).get(0))
                .startsWith("a\ufffd[2J")
                .endsWith("\u2502 b");
    }
}
