package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Python's {@code json.dumps} with {@code ensure_ascii=False}, which is what chat templates call {@code tojson}.
 *
 * @param indent text of one level, or null for one line
 * @param itemSeparator between elements
 * @param keySeparator between a key and its value
 * @param sorted whether keys are put in order
 * @param ascii whether other characters are escaped
 */
record JsonText(String indent, String itemSeparator, String keySeparator, boolean sorted, boolean ascii) {
    /** With the arguments of the filter: {@code ensure_ascii, indent, separators, sort_keys}. */
    static JsonText of(Arguments arguments) {
        Object indent = arguments.get(1, "indent", null);
        Object separators = arguments.get(2, "separators", null);
        List<Object> chosen = separators == null
                ? List.of(indent == null ? ", " : ",", ": ")
                : new ArrayList<>(Values.iterate(separators));
        String level = null;
        if (indent != null) {
            level = indent instanceof String text ? text : " ".repeat((int) Math.max(0, Numbers.integer(indent)));
        }
        return new JsonText(
                level,
                Values.string(chosen.get(0)),
                Values.string(chosen.get(1)),
                arguments.flag(3, "sort_keys", false),
                arguments.flag(0, "ensure_ascii", false));
    }

    String print(Object value) {
        StringBuilder result = new StringBuilder();
        print(value, 0, result);
        return result.toString();
    }

    private void print(Object value, int depth, StringBuilder out) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof Map<?, ?> map) {
            printMap(map, depth, out);
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                out.append(i == 0 ? "" : itemSeparator);
                breakLine(depth + 1, out);
                print(list.get(i), depth + 1, out);
            }
            close(list.isEmpty(), depth, ']', out);
        } else {
            throw new TemplateException("Object of type " + Values.typeName(value) + " is not JSON serializable");
        }
    }

    private void printMap(Map<?, ?> map, int depth, StringBuilder out) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Values.compare(a.getKey(), b.getKey()));
        }
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : entries) {
            out.append(first ? "" : itemSeparator);
            first = false;
            breakLine(depth + 1, out);
            quote(key(entry.getKey()), out);
            out.append(keySeparator);
            print(entry.getValue(), depth + 1, out);
        }
        close(map.isEmpty(), depth, '}', out);
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key == null || key instanceof Boolean) {
            return key == null ? "null" : key.toString();
        }
        return Values.text(key);
    }

    private void close(boolean empty, int depth, char bracket, StringBuilder out) {
        if (!empty) {
            breakLine(depth, out);
        }
        out.append(bracket);
    }

    private void breakLine(int depth, StringBuilder out) {
        if (indent != null) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Numbers.print(value);
    }

    private void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7e)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
