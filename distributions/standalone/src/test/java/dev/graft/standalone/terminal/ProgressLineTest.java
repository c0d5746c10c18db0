package dev.graft.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private static final List<String> PARTS = List.of("step 3/12", "loss 1.2345", "ETA 0:42");

    @ParameterizedTest
    @ValueSource(ints = {10, 40, 60, 200})
    void theLineKeepsWithinTheTerminalAndSaysWhatMattersMostFirst(int columns) {
        String line = ProgressLine.line(0.25, PARTS, columns);

        assertThat(line).hasSizeLessThanOrEqualTo(columns).startsWith(" 25% ");
        assertThat(line.contains("step 3/12")).isEqualTo(columns >= 40);
        assertThat(line.contains("ETA 0:42")).isEqualTo(columns >= 60);
    }
}
