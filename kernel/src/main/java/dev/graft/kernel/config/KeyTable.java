package dev.graft.kernel.config;

import dev.graft.spi.config.Choice;
import java.util.ArrayList;
import java.util.List;

/** The keys of a configuration record as rows of a table, for a person to read. */
public final class KeyTable {
    private KeyTable() {}

    /**
     * One key.
     *
     * @param key its path inside the record, for instance {@code early_stopping.patience}
     * @param allowed what it allows, in words
     * @param defaultsTo its default as YAML text; empty where there is none
     * @param required whether leaving it out is an error
     * @param meaning what it means
     */
    public record Row(String key, String allowed, String defaultsTo, boolean required, String meaning) {}

    /** All keys in order; the keys of a section follow it. */
    public static List<Row> of(Class<? extends Record> record) {
        List<Row> rows = new ArrayList<>();
        add(record, "", rows);
        return List.copyOf(rows);
    }

    private static void add(Class<? extends Record> record, String section, List<Row> rows) {
        for (ConfigurationKey key : ConfigurationKey.of(record)) {
            String path = KeyPath.key(section, key.name());
            rows.add(new Row(
                    path,
                    Expected.describe(key.type(), key.key()),
                    key.key().defaultsTo(),
                    ConfigurationSchema.isRequired(key),
                    key.key().value()));
            Class<?> type = key.component().getType();
            if (type.isRecord() && !type.equals(Choice.class)) {
                add(type.asSubclass(Record.class), path, rows);
            }
        }
    }
}
