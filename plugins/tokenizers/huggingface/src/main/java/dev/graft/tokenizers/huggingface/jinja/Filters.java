package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What may stand after {@code |} and works on one value; {@link SequenceFilters} has those for sequences. */
final class Filters {
    /** A function of a value, with arguments. */
    @FunctionalInterface
    interface Filter {
        Object apply(Object value, Arguments arguments);
    }

    private static final Pattern WORD_STARTS = Pattern.compile("(?<=[-\\s({\\[<])|(?=[-\\s({\\[<])");
    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    /** The filter of this name. */
    static Filter find(String name) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw new TemplateException("No filter named '" + name + "'.");
        }
        return filter;
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>(SequenceFilters.all());
        texts(filters);
        numbers(filters);
        Filter otherwise =
                (value, a) -> value instanceof Undefined || (a.flag(1, "boolean", false) && !Values.truth(value))
                        ? a.get(0, "default_value", "")
                        : value;
        filters.put("default", otherwise);
        filters.put("d", otherwise);
        filters.put("tojson", (value, a) -> JsonText.of(a).print(value));
        filters.put("safe", (value, a) -> value);
        filters.put("attr", (value, a) -> Attributes.attribute(value, Values.text(a.require(0, "name"))));
        return Map.copyOf(filters);
    }

    private static void texts(Map<String, Filter> filters) {
        filters.put("string", (value, a) -> Values.text(value));
        filters.put("trim", (value, a) -> Texts.strip(Values.text(value), a.text(0, "chars", null), true, true));
        filters.put("upper", (value, a) -> Values.text(value).toUpperCase(Locale.ROOT));
        filters.put("lower", (value, a) -> Values.text(value).toLowerCase(Locale.ROOT));
        filters.put("capitalize", (value, a) -> Texts.capitalize(Values.text(value)));
        filters.put("title", (value, a) -> title(Values.text(value)));
        filters.put(
                "replace",
                (value, a) -> Texts.replace(
                        Values.text(value),
                        Values.text(a.require(0, "old")),
                        Values.text(a.require(1, "new")),
                        a.get(2, "count", null) == null ? -1 : a.integer(2, "count", -1)));
        filters.put("indent", (value, a) -> indent(Values.text(value), a));
        filters.put("center", (value, a) -> Texts.pad(Values.text(value), a.integer(0, "width", 80), " ", 0.5));
        filters.put("truncate", (value, a) -> truncate(Values.text(value), a));
        filters.put(
                "wordcount",
                (value, a) -> Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS)
                        .matcher(Values.text(value))
                        .results()
                        .count());
        filters.put(
                "format",
                (value, a) -> PercentFormat.apply(
                        Values.text(value), a.named().isEmpty() ? new Tuple(a.positional()) : a.named()));
        filters.put("escape", (value, a) -> escape(Values.text(value)));
        filters.put("e", (value, a) -> escape(Values.text(value)));
        filters.put("forceescape", (value, a) -> escape(Values.text(value)));
    }

    private static void numbers(Map<String, Filter> filters) {
        filters.put("abs", (value, a) -> Values.compare(value, 0L) < 0 ? Numbers.binary("-", 0L, value) : value);
        filters.put("int", (value, a) -> toInteger(value, a.get(0, "default", 0L), a.integer(1, "base", 10)));
        filters.put("float", (value, a) -> toFloat(value, a.get(0, "default", 0.0)));
        filters.put(
                "round",
                (value, a) -> Numbers.round(
                        Numbers.number(value), a.integer(0, "precision", 0), a.text(1, "method", "common")));
    }

    private static Object toInteger(Object value, Object otherwise, int base) {
        if (value instanceof Double number) {
            return number.longValue();
        }
        if (Numbers.isInteger(value)) {
            return Numbers.integer(value);
        }
        if (!(value instanceof String text)) {
            return otherwise;
        }
        String digits = text.strip().replace("_", "").toLowerCase(Locale.ROOT);
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : "0b";
        if (base != 10 && digits.startsWith(prefix)) {
            digits = digits.substring(2);
        }
        try {
            return Long.parseLong(digits, base);
        } catch (NumberFormatException notAnInteger) {
            Object number = toFloat(value, null);
            return number == null ? otherwise : (Object) ((Double) number).longValue();
        }
    }

    private static Object toFloat(Object value, Object otherwise) {
        if (Numbers.isNumber(value)) {
            return Numbers.number(value);
        }
        if (!(value instanceof String text)) {
            return otherwise;
        }
        try {
            return Double.valueOf(text.strip().replace("_", ""));
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }

    private static String title(String text) {
        StringBuilder result = new StringBuilder();
        for (String part : WORD_STARTS.split(text, -1)) {
            result.append(Texts.capitalize(part));
        }
        return result.toString();
    }

    private static String indent(String text, Arguments arguments) {
        Object width = arguments.get(0, "width", 4L);
        String indention = width instanceof String fixed ? fixed : " ".repeat((int) Numbers.integer(width));
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        List<Object> lines = new ArrayList<>(Texts.lines(text + "\n", false));
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            result.append(i == 0 ? "" : "\n").append(indented ? indention : "").append(line);
        }
        return result.toString();
    }

    private static String truncate(String text, Arguments arguments) {
        int length = arguments.integer(0, "length", 255);
        boolean kill = arguments.flag(1, "killwords", false);
        String end = arguments.text(2, "end", "...");
        int leeway = arguments.get(3, "leeway", null) == null ? 5 : arguments.integer(3, "leeway", 5);
        int size = text.codePointCount(0, text.length());
        if (size <= length + leeway) {
            return text;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, Math.max(0, length - end.length())));
        int space = cut.lastIndexOf(' ');
        return (kill || space < 0 ? cut : cut.substring(0, space)) + end;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
