package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's view of a value: its truth, its text, how it compares. None is {@code null}. */
final class Values {
    private Values() {}

    /** The value in the types that templates work with: {@link Long}, {@link Double}, lists, ordered maps. */
    static Object normalise(Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Number number && !(value instanceof Long)) {
            return number.doubleValue();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(normalise(key), normalise(item)));
            return copy;
        }
        if (value instanceof List<?> list && !(value instanceof Tuple)) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(normalise(item)));
            return copy;
        }
        return value;
    }

    static boolean truth(Object value) {
        if (value == null || value instanceof Undefined) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        return !(value instanceof Map<?, ?> map) || !map.isEmpty();
    }

    /** Python's {@code str}. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : represent(value);
    }

    /** The value, which must be a string. */
    static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw mismatch("a string", value);
    }

    /** Python's {@code repr}. */
    static String represent(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String text) {
            return quote(text);
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Double number) {
            return Numbers.print(number);
        }
        if (value instanceof List<?> list) {
            return sequence(list);
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder result = new StringBuilder("{");
            map.forEach((key, item) -> result.append(result.length() == 1 ? "" : ", ")
                    .append(represent(key))
                    .append(": ")
                    .append(represent(item)));
            return result.append('}').toString();
        }
        return value instanceof Undefined ? "Undefined" : value.toString();
    }

    private static String sequence(List<?> list) {
        StringBuilder result = new StringBuilder(list instanceof Tuple ? "(" : "[");
        for (int i = 0; i < list.size(); i++) {
            result.append(i == 0 ? "" : ", ").append(represent(list.get(i)));
        }
        if (list instanceof Tuple && list.size() == 1) {
            result.append(',');
        }
        return result.append(list instanceof Tuple ? ')' : ']').toString();
    }

    private static String quote(String text) {
        char mark = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder result = new StringBuilder().append(mark);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (c == mark) {
                        result.append('\\').append(mark);
                    } else if (c < 0x20 || c == 0x7f) {
                        result.append(String.format("\\x%02x", c));
                    } else {
                        result.appendCodePoint(c);
                    }
                }
            }
        });
        return result.append(mark).toString();
    }

    static String typeName(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value instanceof List) {
            return value instanceof Tuple ? "tuple" : "list";
        }
        return value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    static TemplateException mismatch(String expected, Object value) {
        return value instanceof Undefined undefined
                ? undefined.failure()
                : new TemplateException(expected + " is expected where '" + typeName(value) + "' was given");
    }

    static boolean same(Object a, Object b) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            boolean integers = Numbers.isInteger(a) && Numbers.isInteger(b);
            return integers ? Numbers.integer(a) == Numbers.integer(b) : Numbers.number(a) == Numbers.number(b);
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            if (first.size() != second.size() || a instanceof Tuple != b instanceof Tuple) {
                return false;
            }
            for (int i = 0; i < first.size(); i++) {
                if (!same(first.get(i), second.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> first && b instanceof Map<?, ?> second) {
            return first.size() == second.size()
                    && first.entrySet().stream()
                            .allMatch(entry -> second.containsKey(entry.getKey())
                                    && same(entry.getValue(), second.get(entry.getKey())));
        }
        return a == null ? b == null : a.equals(b);
    }

    /** Orders two numbers, strings or lists. */
    static int compare(Object a, Object b) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            boolean integers = Numbers.isInteger(a) && Numbers.isInteger(b);
            return integers
                    ? Long.compare(Numbers.integer(a), Numbers.integer(b))
                    : Double.compare(Numbers.number(a), Numbers.number(b));
        }
        if (a instanceof String first && b instanceof String second) {
            return Texts.compare(first, second);
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                if (!same(first.get(i), second.get(i))) {
                    return compare(first.get(i), second.get(i));
                }
            }
            return Integer.compare(first.size(), second.size());
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            throw ((Undefined) (a instanceof Undefined ? a : b)).failure();
        }
        throw new TemplateException("'" + typeName(a) + "' and '" + typeName(b) + "' cannot be ordered");
    }

    static boolean contains(Object container, Object item) {
        if (container instanceof String text) {
            return text.contains(string(item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        }
        return iterate(container).stream().anyMatch(element -> same(element, item));
    }

    /** What a loop over the value runs through: elements, keys, characters. */
    static List<Object> iterate(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return Texts.characters(text);
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateException("'" + typeName(value) + "' object is not iterable");
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof List || value instanceof Undefined) {
            return iterate(value).size();
        }
        throw new TemplateException("object of type '" + typeName(value) + "' has no length");
    }
}
