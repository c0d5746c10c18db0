package dev.graft.kernel.config;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a key allows, in words: for messages and for help. */
final class Expected {
    private Expected() {}

    /** For instance {@code a whole number of at least 1}. */
    static String describe(Type type, Key key) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? "a list, each element " + describe(arguments[0], key)
                    : "a section, each value " + describe(arguments[1], key);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == int.class || raw == Integer.class || raw == long.class || raw == Long.class) {
            return "a whole number" + range(key);
        }
        if (raw == double.class || raw == Double.class) {
            return "a number" + range(key);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return "true or false";
        }
        if (raw.isEnum()) {
            return oneOf(enumNames(raw, key));
        }
        if (raw == Choice.class) {
            return key.allowed().length == 0 ? "one text or a list of texts" : oneOf(List.of(key.allowed()));
        }
        if (raw == String.class) {
            return key.allowed().length == 0 ? "text" : oneOf(List.of(key.allowed()));
        }
        return raw.isRecord() ? "a section" : "anything";
    }

    /** The names of an enum's constants that a key allows, as they are written. */
    static List<String> enumNames(Class<?> type, Key key) {
        List<String> allowed = List.of(key.allowed());
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> written((Enum<?>) constant))
                .filter(name -> allowed.isEmpty() || allowed.contains(name))
                .toList();
    }

    /** An enum constant as it is written. */
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whether values of a type can be null. */
    static boolean nullable(Type type) {
        boolean collection = type instanceof ParameterizedType generic
                && (generic.getRawType() == List.class || generic.getRawType() == Map.class);
        return !collection && !(type instanceof Class<?> raw && raw.isPrimitive());
    }

    private static String oneOf(List<String> names) {
        return "one of " + String.join(", ", names);
    }

    private static String range(Key key) {
        boolean from = key.min() != Double.NEGATIVE_INFINITY;
        boolean to = key.max() != Double.POSITIVE_INFINITY;
        if (from && to) {
            return " from " + number(key.min()) + " to " + number(key.max());
        }
        if (from) {
            return " of at least " + number(key.min());
        }
        return to ? " of at most " + number(key.max()) : "";
    }

    /** A bound as a whole number where it is one. */
    static Number exact(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? (Number) (long) value : (Number) value;
    }

    private static String number(double value) {
        return exact(value).toString();
    }
}
