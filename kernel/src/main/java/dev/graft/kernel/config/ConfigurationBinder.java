package dev.graft.kernel.config;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads configuration records from trees of maps, lists and scalars, guided by the records' {@link Key} annotations,
 * and writes them back. Every mistake is a {@link ConfigurationException} that names the place, the key's path, what
 * was found and what is allowed.
 */
public final class ConfigurationBinder {
    private final Source source;

    private ConfigurationBinder(Source source) {
        this.source = source;
    }

    /**
     * Reads a record.
     *
     * @param record its class
     * @param tree keys to values
     * @param keyPath where the tree stands in its file, for messages; empty at the top
     * @throws ConfigurationException if a key is unknown or missing, or a value is of the wrong type or not allowed
     */
    public static <R extends Record> R bind(Class<R> record, Map<String, Object> tree, String keyPath) {
        return bind(record, tree, keyPath, Source.UNKNOWN);
    }

    /** Reads a record from a tree whose file and lines are known. */
    public static <R extends Record> R bind(Class<R> record, Map<String, Object> tree, String keyPath, Source source) {
        return new ConfigurationBinder(source).section(record, tree, keyPath);
    }

    /** A record's keys and values as a tree; {@link #bind} makes an equal record of it. */
    public static Map<String, Object> toMap(Record record) {
        return ConfigurationTree.of(record);
    }

    /** Names of the keys of a record that hold the path of something that must be there. */
    public static List<String> pathKeys(Class<? extends Record> record) {
        return ConfigurationKey.of(record).stream()
                .filter(key -> key.key().path())
                .map(ConfigurationKey::name)
                .toList();
    }

    <R extends Record> R section(Class<R> record, Map<String, Object> tree, String keyPath) {
        List<ConfigurationKey> keys = ConfigurationKey.of(record);
        refuseUnknown(keys, tree, keyPath);
        ValueBinder values = new ValueBinder(this, source);
        Object[] arguments = keys.stream()
                .map(key -> value(values, key, tree, KeyPath.key(keyPath, key.name())))
                .toArray();
        return construct(record, arguments, keyPath);
    }

    private void refuseUnknown(List<ConfigurationKey> keys, Map<String, Object> tree, String keyPath) {
        Set<String> known = new LinkedHashSet<>();
        keys.forEach(key -> known.add(key.name()));
        for (String name : tree.keySet()) {
            if (!known.contains(name)) {
                String path = KeyPath.key(keyPath, name);
                throw new ConfigurationException(
                        source.place(path) + "unknown key '" + path + "'; " + NearestName.suggestion(name, known));
            }
        }
    }

    private Object value(ValueBinder values, ConfigurationKey key, Map<String, Object> tree, String path) {
        boolean given = tree.containsKey(key.name());
        Object found = given ? tree.get(key.name()) : key.defaultTree();
        if (found == null && (key.key().required() || isPrimitive(key))) {
            throw new ConfigurationException(source.place(path) + "key '" + path + "' "
                    + (given ? "is empty" : "is missing") + "; expected "
                    + Expected.describe(key.type(), key.key()) + " ("
                    + key.key().value() + ")");
        }
        return values.bind(found, key.type(), key.key(), path);
    }

    private static boolean isPrimitive(ConfigurationKey key) {
        return key.component().getType().isPrimitive();
    }

    private <R extends Record> R construct(Class<R> record, Object[] arguments, String keyPath) {
        Class<?>[] types = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException refused) {
            throw refusal(refused.getCause(), keyPath);
        } catch (ReflectiveOperationException broken) {
            throw new IllegalArgumentException("cannot construct " + record.getName(), broken);
        }
    }

    private RuntimeException refusal(Throwable cause, String keyPath) {
        if (cause instanceof ConfigurationException || cause instanceof IllegalArgumentException) {
            String section = keyPath.isEmpty() ? "" : "section '" + keyPath + "': ";
            return new ConfigurationException(source.place(keyPath) + section + cause.getMessage(), cause);
        }
        if (cause instanceof RuntimeException unexpected) {
            return unexpected;
        }
        return new IllegalStateException(cause);
    }
}
