package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The page with the table of techniques; what stands around the table stays. */
final class TechniquePage {
    private static final String BEGIN = "<!-- measured: begin -->\n";
    private static final String END = "<!-- measured: end -->\n";

    private TechniquePage() {}

    /** Replaces the table of a page. */
    static void write(Path page, Map<Technique, JsonNode> figures) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    page + " holds no place for the table, between " + BEGIN.strip() + " and " + END.strip());
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + table(figures) + text.substring(end));
    }

    private static String table(Map<Technique, JsonNode> figures) {
        StringBuilder table = new StringBuilder();
        table.append(
                        "| technique | trainable | time per step | added latency | after merging | memory | 16 | 100 | all |\n")
                .append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        figures.forEach((technique, line) -> table.append(row(technique.name(), line)));
        return table.toString();
    }

    private static String row(String name, JsonNode line) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f%% | %.0f ms | %+.0f%% | %s | %d MiB | %s | %s | %s |%n",
                name,
                line.path("trainable_share").asDouble(),
                line.path("step_ms").asDouble(),
                100 * (line.path("latency_ratio").asDouble() - 1),
                line.path("merges").asBoolean() ? "none" : "the same",
                line.path("peak_rss_mb").asLong(),
                percent(line, "accuracy_16"),
                percent(line, "accuracy_100"),
                percent(line, "accuracy"));
    }

    private static String percent(JsonNode line, String key) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * line.path(key).asDouble());
    }
}
