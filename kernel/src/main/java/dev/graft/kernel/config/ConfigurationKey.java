package dev.graft.kernel.config;

import dev.graft.spi.config.Key;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One key of a configuration record.
 *
 * @param name the key as it is written
 * @param component the record's component
 * @param key what the author says about it
 */
record ConfigurationKey(String name, RecordComponent component, Key key) {
    /**
     * The keys of a record in the order of its components.
     *
     * @throws IllegalArgumentException if a component carries no {@link Key}
     */
    static List<ConfigurationKey> of(Class<? extends Record> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(ConfigurationKey::of)
                .toList();
    }

    private static ConfigurationKey of(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalArgumentException("component " + component.getName() + " of "
                    + component.getDeclaringRecord().getName() + " carries no @Key");
        }
        String name = key.name().isEmpty() ? snakeCase(component.getName()) : key.name();
        return new ConfigurationKey(name, component, key);
    }

    Type type() {
        return component.getGenericType();
    }

    /** The default as a tree; null where there is none. */
    Object defaultTree() {
        return key.defaultsTo().isEmpty() ? null : YamlDocument.value(key.defaultsTo(), "the default of key " + name);
    }

    /** {@code targetModules} is written {@code target_modules}. */
    static String snakeCase(String component) {
        return component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
