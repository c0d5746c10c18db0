package dev.graft.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheyNeedToBeAndTheLastOneWraps() {
        Table table = Table.of("ID", "WHAT");
        table.row("a", "one two three four five six seven");
        table.row("long-name", "short");

        assertThat(table.lines(38))
                .containsExactly(
                        "ID         WHAT",
                        "a          one two three four five six",
                        "           seven",
                        "long-name  short");
    }

    @Test
    void numbersEndAtTheSameColumn() {
        Table table = Table.withNumbers(2, "CASE", "ERROR", "LOSS", "STATUS");
        table.row("a", "1.5e-6", "-", "pass");
        table.row("b", "0", "12", "FAIL");

        assertThat(table.lines(80))
                .containsExactly("CASE   ERROR  LOSS  STATUS", "a     1.5e-6     -  pass", "b          0    12  FAIL");
    }

    @Test
    void aRowMustHaveACellForEveryHeading() {
        assertThatThrownBy(() -> Table.of("A", "B").row("only one"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only one");
    }
}
