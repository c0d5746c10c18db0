package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands run at sizes of no interest and say what they ran. */
class BenchmarkCommandsTest {
    private static final List<String> SMALL =
            List.of("--layers=2", "--width=16", "--ffn=24", "--heads=2", "--vocab=40");

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void trainingPrintsTheKeysOfItsPeerAndCountsTheFrozenWeights(String dtype) throws IOException {
        JsonNode figures = run("train", "--batch=2", "--length=8", "--steps=3", "--rank=2", "--dtype=" + dtype);
        assertThat(figures.fieldNames())
                .toIterable()
                .containsExactly(
                        "peer",
                        "params",
                        "dtype",
                        "batch",
                        "length",
                        "step_s_median",
                        "step_s_min",
                        "tokens_per_s",
                        "peak_rss_mb");
        long layer = 4 * 16 * 16 + 3 * 16 * 24 + 2 * 16;
        assertThat(figures.get("params").asLong()).isEqualTo(2 * 40 * 16 + 2 * layer + 16);
        assertThat(figures.get("peer").asText()).isEqualTo("graft");
        assertThat(figures.get("dtype").asText()).isEqualTo(dtype);
        assertThat(figures.get("batch").asInt()).isEqualTo(2);
        assertThat(figures.get("length").asInt()).isEqualTo(8);
    }

    @Test
    void generationDealsAdaptersToRowsAndPrintsTheKeysOfItsPeer() throws IOException {
        JsonNode figures = run("generate", "--batch=3", "--adapters=2", "--prompt=5", "--tokens=4", "--rank=2");
        assertThat(figures.fieldNames())
                .toIterable()
                .containsExactly(
                        "peer",
                        "dtype",
                        "batch",
                        "adapters",
                        "prompt",
                        "new_tokens",
                        "seconds",
                        "tokens_per_s",
                        "peak_rss_mb");
        assertThat(figures.get("adapters").asInt()).isEqualTo(2);
        assertThat(figures.get("new_tokens").asInt()).isEqualTo(4);
    }

    private static JsonNode run(String command, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(SMALL);
        arguments.addAll(List.of(options));
        StringWriter text = new StringWriter();
        int exit = Main.run(new PrintWriter(text), arguments.toArray(String[]::new));
        assertThat(exit).isZero();
        return new ObjectMapper().readTree(text.toString());
    }
}
