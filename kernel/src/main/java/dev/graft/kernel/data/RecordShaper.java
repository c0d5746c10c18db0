package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings records to the canonical columns that objectives read: {@code text}; {@code prompt} and {@code completion},
 * perhaps with {@code system}; {@code messages}; {@code text}, perhaps {@code text_pair}, and {@code label};
 * {@code prompt}, {@code chosen} and {@code rejected}; {@code prompt} alone. Columns without a meaning stay as they are.
 */
final class RecordShaper {
    private final String format;
    private final Map<String, String> columns;
    private final RecordTemplate template;
    private final String system;

    /**
     * A shaper.
     *
     * @param format name of the records' format, or null to tell it from their columns
     * @param columns column name by canonical name, or null
     * @param template how a record becomes text, or null
     * @param system system message of conversations that have none, or null
     * @throws ConfigurationException if {@code columns} maps what has no meaning
     */
    RecordShaper(String format, Map<String, String> columns, String template, String system) {
        this.format = format;
        this.columns = columns == null ? Map.of() : new TreeMap<>(columns);
        this.template = template == null ? null : RecordTemplate.parse(template);
        this.system = system;
        this.columns.keySet().forEach(role -> {
            if (!Column.ALL.contains(role)) {
                throw new ConfigurationException(
                        "data.columns." + role + " is unknown; columns can stand for one of " + Column.ALL);
            }
        });
    }

    /**
     * The record in canonical columns.
     *
     * @throws ConfigurationException if a column is missing or holds the wrong type, naming the line and the column
     */
    DataRecord shape(DataRecord record) {
        DataRecord named = rename(record, columns);
        return template == null ? canonical(named, format(named)) : filled(named);
    }

    /**
     * The same for a record that may be without the label its format asks for.
     *
     * @throws ConfigurationException if another column is missing or holds the wrong type, naming the line and the column
     */
    DataRecord shapeWithoutLabel(DataRecord record) {
        Map<String, String> there = new TreeMap<>(columns);
        String label = there.get(Column.LABEL);
        if (label != null && !record.fields().containsKey(label)) {
            there.remove(Column.LABEL);
        }
        DataRecord named = rename(record, there);
        if (template != null) {
            return filled(named);
        }
        RecordFormat shape = format(named);
        if (shape != RecordFormat.TEXT && shape != RecordFormat.TEXT_LABEL) {
            return canonical(named, shape);
        }
        requireColumns(RecordFormat.TEXT, named);
        return new DataRecord(keep(named, Column.TEXT, Column.TEXT_PAIR, Column.LABEL), record.source());
    }

    private RecordFormat format(DataRecord named) {
        return format == null ? RecordFormat.of(named) : RecordFormat.named(format);
    }

    private DataRecord filled(DataRecord named) {
        Map<String, Object> fields = keep(named, Column.TEXT_PAIR, Column.LABEL);
        fields.put(Column.TEXT, template.fill(named));
        return new DataRecord(fields, named.source());
    }

    private DataRecord canonical(DataRecord named, RecordFormat shape) {
        requireColumns(shape, named);
        Map<String, Object> fields = switch (shape) {
            case TEXT -> keep(named, Column.TEXT);
            case TEXT_LABEL -> keep(named, Column.TEXT, Column.TEXT_PAIR, Column.LABEL);
            case PREFERENCE -> preference(named);
            case PROMPT -> asked(named);
            case PROMPT_COMPLETION -> prompt(named);
            case ALPACA -> alpaca(named);
            case MESSAGES, SHAREGPT -> conversation(named, shape);
        };
        return new DataRecord(fields, named.source());
    }

    private static DataRecord rename(DataRecord record, Map<String, String> columns) {
        if (columns.isEmpty()) {
            return record;
        }
        Map<String, Object> fields = new LinkedHashMap<>(record.fields());
        columns.values().forEach(fields::remove);
        columns.forEach((role, column) -> {
            if (!record.fields().containsKey(column)) {
                throw new ConfigurationException(
                        record.source() + ": column '" + column + "', which data.columns." + role
                                + " names, is missing; the record has "
                                + record.fields().keySet().stream().sorted().toList());
            }
            fields.put(role, record.fields().get(column));
        });
        return new DataRecord(fields, record.source());
    }

    private static void requireColumns(RecordFormat format, DataRecord record) {
        for (String column : format.columns()) {
            if (record.fields().get(column) == null) {
                throw new ConfigurationException(record.source() + ": column '" + column + "' is "
                        + (record.fields().containsKey(column) ? "empty" : "missing") + "; format " + format.id()
                        + " needs " + format.columns().stream().sorted().toList() + ", the record has "
                        + record.fields().keySet().stream().sorted().toList());
            }
        }
    }

    /** The columns without a meaning, and the chosen ones. */
    private static Map<String, Object> keep(DataRecord record, String... chosen) {
        Map<String, Object> fields = new LinkedHashMap<>(record.fields());
        fields.keySet()
                .removeIf(column -> Column.ALL.contains(column)
                        && !column.equals(Column.TOOLS)
                        && !List.of(chosen).contains(column));
        return fields;
    }

    private Map<String, Object> prompt(DataRecord record) {
        if (record.fields().get(Column.PROMPT) instanceof List) {
            Conversation conversation = Conversation.read(record, Column.PROMPT);
            conversation.addAll(Conversation.read(record, Column.COMPLETION));
            return conversation(record, conversation);
        }
        Map<String, Object> fields = keep(record);
        fields.put(Column.PROMPT, record.require(Column.PROMPT));
        fields.put(Column.COMPLETION, record.require(Column.COMPLETION));
        putSystem(record, fields);
        return fields;
    }

    private Map<String, Object> asked(DataRecord record) {
        Map<String, Object> fields = keep(record);
        if (record.fields().get(Column.PROMPT) instanceof List) {
            fields.put(Column.PROMPT, Conversation.read(record, Column.PROMPT).withSystem(systemOf(record)));
            return fields;
        }
        fields.put(Column.PROMPT, record.require(Column.PROMPT));
        putSystem(record, fields);
        return fields;
    }

    private Map<String, Object> alpaca(DataRecord record) {
        String input = record.text(Column.INPUT).orElse("");
        String prompt = record.require(Column.INSTRUCTION) + (input.isEmpty() ? "" : "\n" + input);
        Conversation history = Conversation.history(record);
        if (!history.isEmpty()) {
            history.add("user", prompt);
            history.add("assistant", record.require(Column.OUTPUT));
            return conversation(record, history);
        }
        Map<String, Object> fields = keep(record);
        fields.put(Column.PROMPT, prompt);
        fields.put(Column.COMPLETION, record.require(Column.OUTPUT));
        putSystem(record, fields);
        return fields;
    }

    private void putSystem(DataRecord record, Map<String, Object> fields) {
        String message = systemOf(record);
        if (message != null) {
            fields.put(Column.SYSTEM, message);
        }
    }

    private String systemOf(DataRecord record) {
        String own = record.text(Column.SYSTEM).orElse("");
        return own.isEmpty() ? system : own;
    }

    private Map<String, Object> conversation(DataRecord record, RecordFormat format) {
        return conversation(
                record,
                Conversation.read(record, format == RecordFormat.SHAREGPT ? Column.CONVERSATIONS : Column.MESSAGES));
    }

    private Map<String, Object> conversation(DataRecord record, Conversation conversation) {
        Map<String, Object> fields = keep(record);
        fields.put(Column.MESSAGES, conversation.withSystem(systemOf(record)));
        Object tools = Conversation.tools(record);
        if (tools == null) {
            fields.remove(Column.TOOLS);
        } else {
            fields.put(Column.TOOLS, tools);
        }
        return fields;
    }

    private Map<String, Object> preference(DataRecord record) {
        Map<String, Object> fields = keep(record);
        String asked = record.fields().containsKey(Column.CONVERSATIONS) ? Column.CONVERSATIONS : Column.PROMPT;
        if (record.fields().get(asked) instanceof List) {
            fields.put(Column.PROMPT, Conversation.read(record, asked).withSystem(systemOf(record)));
        } else {
            record.text(asked).ifPresent(prompt -> fields.put(Column.PROMPT, prompt));
            putSystem(record, fields);
        }
        fields.put(Column.CHOSEN, Conversation.answer(record, Column.CHOSEN));
        fields.put(Column.REJECTED, Conversation.answer(record, Column.REJECTED));
        return fields;
    }
}
