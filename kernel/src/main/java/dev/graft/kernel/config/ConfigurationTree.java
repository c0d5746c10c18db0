package dev.graft.kernel.config;

import dev.graft.spi.config.Choice;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes configuration records as trees. */
final class ConfigurationTree {
    private ConfigurationTree() {}

    /** Every key with its value, in the order of the components; what is null, or empty, by default is left out. */
    static Map<String, Object> of(Record record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (ConfigurationKey key : ConfigurationKey.of(record.getClass())) {
            Object value = value(component(record, key));
            boolean absent = value == null || (isEmpty(value) && !Expected.nullable(key.type()));
            if (!absent || key.defaultTree() != null) {
                tree.put(key.name(), value);
            }
        }
        return tree;
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof List<?> list && list.isEmpty()) || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static Object value(Object value) {
        if (value instanceof Record record && !(value instanceof Choice)) {
            return of(record);
        }
        if (value instanceof Choice choice) {
            return choice.text().map(Object.class::cast).orElseGet(choice::many);
        }
        if (value instanceof Enum<?> constant) {
            return Expected.written(constant);
        }
        if (value instanceof Integer whole) {
            return whole.longValue();
        }
        if (value instanceof List<?> list) {
            List<Object> tree = new ArrayList<>();
            list.forEach(element -> tree.add(value(element)));
            return tree;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> tree = new LinkedHashMap<>();
            map.forEach((key, element) -> tree.put((String) key, value(element)));
            return tree;
        }
        return value;
    }

    private static Object component(Record record, ConfigurationKey key) {
        try {
            Method accessor = key.component().getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (InvocationTargetException | IllegalAccessException broken) {
            throw new IllegalArgumentException("cannot read " + key.component() + " of " + record, broken);
        }
    }
}
