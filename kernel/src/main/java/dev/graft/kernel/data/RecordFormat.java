package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The shapes in which data sets come. */
public enum RecordFormat {
    /** A {@code text} to continue. */
    TEXT(Column.TEXT),
    /** A {@code prompt} and its {@code completion}. */
    PROMPT_COMPLETION(Column.PROMPT, Column.COMPLETION),
    /** A {@code prompt} to be answered. */
    PROMPT(Column.PROMPT),
    /** An {@code instruction}, perhaps with an {@code input}, and its {@code output}. */
    ALPACA(Column.INSTRUCTION, Column.OUTPUT),
    /** A conversation of {@code role} and {@code content}. */
    MESSAGES(Column.MESSAGES),
    /** A conversation of {@code from} and {@code value}. */
    SHAREGPT(Column.CONVERSATIONS),
    /** A {@code text} and its class. */
    TEXT_LABEL(Column.TEXT, Column.LABEL),
    /** A better and a worse answer. */
    PREFERENCE(Column.CHOSEN, Column.REJECTED);

    /** The order in which formats are tried: those that ask for more come first. */
    private static final List<RecordFormat> BY_DEMAND =
            List.of(PREFERENCE, MESSAGES, SHAREGPT, ALPACA, PROMPT_COMPLETION, TEXT_LABEL, TEXT, PROMPT);

    private final String columns;

    RecordFormat(String... columns) {
        this.columns = String.join(" ", columns);
    }

    /** The name used in recipes. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The columns a record of this format must have. */
    public Set<String> columns() {
        return Set.of(columns.split(" ", -1));
    }

    /**
     * The format of a name.
     *
     * @throws ConfigurationException if there is none, with those there are
     */
    public static RecordFormat named(String id) {
        return Arrays.stream(values())
                .filter(format -> format.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("data.format '" + id + "' is unknown; it is one of "
                        + Arrays.stream(values()).map(RecordFormat::id).toList()));
    }

    /**
     * The format whose columns a record has.
     *
     * @throws ConfigurationException if there is none, with the record's columns and those that formats need
     */
    static RecordFormat of(DataRecord record) {
        return BY_DEMAND.stream()
                .filter(format -> record.fields().keySet().containsAll(format.columns()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(record.source() + ": the columns "
                        + record.fields().keySet().stream().sorted().toList()
                        + " fit no format; known are "
                        + BY_DEMAND.stream().map(RecordFormat::describe).collect(Collectors.joining(", "))
                        + "; data.columns names columns that are called otherwise"));
    }

    private String describe() {
        return id() + " " + columns().stream().sorted().toList();
    }
}
