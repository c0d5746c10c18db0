package dev.graft.kernel.config;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns one value of a tree into what a record's component holds. */
final class ValueBinder {
    /** Whole numbers up to here are exact as double. */
    private static final double LARGEST_EXACT = 0x1p53;

    private final ConfigurationBinder sections;
    private final Source source;

    ValueBinder(ConfigurationBinder sections, Source source) {
        this.sections = sections;
        this.source = source;
    }

    Object bind(Object found, Type type, Key key, String path) {
        if (type instanceof ParameterizedType generic) {
            return collection(found, generic, key, path);
        }
        if (found == null) {
            return null;
        }
        return scalar(found, (Class<?>) type, key, path);
    }

    private Object collection(Object found, ParameterizedType type, Key key, String path) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class) {
            return list(found, arguments[0], type, key, path);
        }
        if (type.getRawType() == Map.class && arguments[0] == String.class) {
            return map(found, arguments[1], type, key, path);
        }
        throw unsupported(type);
    }

    private List<Object> list(Object found, Type element, Type type, Key key, String path) {
        if (found == null) {
            return List.of();
        }
        if (!(found instanceof List<?> elements)) {
            throw wrong(found, type, key, path);
        }
        List<Object> list = new ArrayList<>();
        for (Object value : elements) {
            list.add(element(value, element, key, KeyPath.element(path, list.size())));
        }
        return Collections.unmodifiableList(list);
    }

    private Map<String, Object> map(Object found, Type element, Type type, Key key, String path) {
        if (found == null) {
            return Map.of();
        }
        if (!(found instanceof Map)) {
            throw wrong(found, type, key, path);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        YamlTree.asMap(found)
                .forEach((name, value) -> map.put(name, element(value, element, key, KeyPath.key(path, name))));
        return Collections.unmodifiableMap(map);
    }

    private Object element(Object value, Type element, Key key, String path) {
        if (value == null && element != Object.class) {
            throw wrong(null, element, key, path);
        }
        return bind(value, element, key, path);
    }

    private Object scalar(Object found, Class<?> type, Key key, String path) {
        if (type == Object.class) {
            return found;
        }
        if (type == int.class || type == Integer.class) {
            return (int) whole(found, type, key, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (type == long.class || type == Long.class) {
            return whole(found, type, key, path, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == double.class || type == Double.class) {
            return number(found, type, key, path);
        }
        if (type == boolean.class || type == Boolean.class) {
            return expect(found instanceof Boolean, found, type, key, path);
        }
        if (type == String.class) {
            if (found instanceof Boolean && List.of(key.allowed()).contains(String.valueOf(found))) {
                return String.valueOf(found);
            }
            return expect(found instanceof String text && allowed(text, key), found, type, key, path);
        }
        if (type == Choice.class) {
            return choice(found, key, path);
        }
        if (type.isEnum()) {
            return constant(found, type, key, path);
        }
        if (type.isRecord()) {
            expect(found instanceof Map, found, type, key, path);
            return sections.section(type.asSubclass(Record.class), YamlTree.asMap(found), path);
        }
        throw unsupported(type);
    }

    private long whole(Object found, Class<?> type, Key key, String path, long min, long max) {
        boolean integral = found instanceof Long
                || found instanceof Integer
                || (found instanceof Double number && number == Math.rint(number) && Math.abs(number) <= LARGEST_EXACT);
        expect(integral, found, type, key, path);
        long value = ((Number) found).longValue();
        expect(value >= min && value <= max && value >= key.min() && value <= key.max(), found, type, key, path);
        return value;
    }

    private double number(Object found, Class<?> type, Key key, String path) {
        expect(found instanceof Number, found, type, key, path);
        double value = ((Number) found).doubleValue();
        expect(Double.isFinite(value) && value >= key.min() && value <= key.max(), found, type, key, path);
        return value;
    }

    private Choice choice(Object found, Key key, String path) {
        if (found instanceof String text) {
            expect(allowed(text, key), found, Choice.class, key, path);
            return Choice.of(text);
        }
        expect(found instanceof List, found, Choice.class, key, path);
        List<String> texts = new ArrayList<>();
        for (Object value : (List<?>) found) {
            String elementPath = KeyPath.element(path, texts.size());
            texts.add((String)
                    expect(value instanceof String text && allowed(text, key), value, String.class, key, elementPath));
        }
        return Choice.of(texts);
    }

    private Object constant(Object found, Class<?> type, Key key, String path) {
        expect(found instanceof String, found, type, key, path);
        String wanted = ((String) found).replace('-', '_');
        for (Object constant : type.getEnumConstants()) {
            String name = Expected.written((Enum<?>) constant);
            if (name.equalsIgnoreCase(wanted) && allowed(name, key)) {
                return constant;
            }
        }
        throw wrong(found, type, key, path);
    }

    private static boolean allowed(String text, Key key) {
        return key.allowed().length == 0 || List.of(key.allowed()).contains(text);
    }

    private Object expect(boolean right, Object found, Type type, Key key, String path) {
        if (!right) {
            throw wrong(found, type, key, path);
        }
        return found;
    }

    private ConfigurationException wrong(Object found, Type type, Key key, String path) {
        String hint = "";
        if (type == String.class
                && found != null
                && !(found instanceof List)
                && !(found instanceof Map)
                && !(found instanceof String)) {
            hint = "; put it in quotes if it is meant as text";
        }
        return new ConfigurationException(source.place(path) + "key '" + path + "' holds " + Found.describe(found)
                + "; expected " + Expected.describe(type, key) + hint);
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException(
                "a configuration record cannot hold " + type.getTypeName() + "; see Key for what it can");
    }
}
