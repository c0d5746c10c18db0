package dev.graft.standalone.continual;

import dev.graft.kernel.continual.AccuracyMatrix;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.standalone.terminal.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the ways of learning a sequence came to.
 *
 * @param sequence the sequence
 * @param matrices the figures of every way, by its name
 */
public record SequenceReport(TaskSequence sequence, Map<String, AccuracyMatrix> matrices) {
    /** Name of the report for people in the sequence's output. */
    static final String TEXT = "report.md";

    /** Name of the report for programs. */
    static final String DATA = "report.json";

    private static final int COLUMNS = 100;

    /** The report as a tree. */
    public Map<String, Object> tree() {
        Map<String, Object> ways = new LinkedHashMap<>();
        matrices.forEach((name, matrix) -> {
            Map<String, Object> way = new LinkedHashMap<>();
            way.put("matrix", matrix.values());
            way.put("average", matrix.average());
            way.put("learned", matrix.learned());
            way.put("forgetting", matrix.forgetting());
            way.put("backward_transfer", matrix.backwardTransfer());
            ways.put(name, way);
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("figure", sequence.figure());
        tree.put("tasks", names());
        tree.put("ways", ways);
        return tree;
    }

    /** The report for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        matrices.forEach((name, matrix) -> {
            Table table = Table.withNumbers(
                    matrix.tasks(),
                    Stream.concat(Stream.of(name.toUpperCase(Locale.ROOT)), names().stream())
                            .toArray(String[]::new));
            for (int after = 0; after < matrix.tasks(); after++) {
                List<String> cells = new ArrayList<>(List.of("after " + names().get(after)));
                for (double figure : matrix.values()[after]) {
                    cells.add(number(figure));
                }
                table.row(cells.toArray(String[]::new));
            }
            lines.addAll(table.lines(COLUMNS));
            lines.add("");
        });
        Table summary = Table.withNumbers(
                4, sequence.figure().toUpperCase(Locale.ROOT), "AT THE END", "WHEN LEARNED", "FORGETTING", "BACKWARD");
        matrices.forEach((name, matrix) -> summary.row(
                name,
                number(matrix.average()),
                number(matrix.learned()),
                number(matrix.forgetting()),
                number(matrix.backwardTransfer())));
        lines.addAll(summary.lines(COLUMNS));
        return lines;
    }

    private List<String> names() {
        return sequence.tasks().stream().map(TaskSequence.Task::name).toList();
    }

    private static String number(double figure) {
        return String.format(Locale.ROOT, "%.3f", figure + 0.0);
    }

    /** Writes both forms into a directory. */
    void write(Path directory) {
        JsonFile.write(directory.resolve(DATA), tree());
        String text = "```\n" + String.join("\n", lines()) + "\n```\n";
        AtomicFile.write(directory.resolve(TEXT), text.getBytes(StandardCharsets.UTF_8));
    }
}
