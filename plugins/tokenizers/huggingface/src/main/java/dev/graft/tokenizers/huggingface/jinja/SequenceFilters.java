package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters over lists, maps and the characters of a string. */
final class SequenceFilters {
    private SequenceFilters() {}

    static Map<String, Filters.Filter> all() {
        Map<String, Filters.Filter> filters = new HashMap<>();
        filters.put("length", (value, a) -> Values.length(value));
        filters.put("count", (value, a) -> Values.length(value));
        filters.put("first", (value, a) -> edge(Values.iterate(value), true));
        filters.put("last", (value, a) -> edge(Values.iterate(value), false));
        filters.put("list", (value, a) -> Values.iterate(value));
        filters.put("reverse", (value, a) -> reverse(value));
        filters.put("join", (value, a) -> join(value, a));
        filters.put("items", (value, a) -> value instanceof Map<?, ?> map ? Attributes.items(map) : noItems(value));
        filters.put("map", (value, a) -> map(value, a));
        filters.put("select", (value, a) -> choose(value, a, false, true));
        filters.put("reject", (value, a) -> choose(value, a, false, false));
        filters.put("selectattr", (value, a) -> choose(value, a, true, true));
        filters.put("rejectattr", (value, a) -> choose(value, a, true, false));
        filters.put("sort", (value, a) -> sort(value, a));
        filters.put("dictsort", (value, a) -> sortMap(value, a));
        filters.put("unique", (value, a) -> unique(value, a));
        filters.put("min", (value, a) -> extreme(value, a, -1));
        filters.put("max", (value, a) -> extreme(value, a, 1));
        filters.put("sum", (value, a) -> sum(value, a));
        filters.put("groupby", (value, a) -> group(value, a));
        filters.put("batch", (value, a) -> batch(value, a));
        return filters;
    }

    private static Object edge(List<Object> items, boolean first) {
        if (items.isEmpty()) {
            return new Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return items.get(first ? 0 : items.size() - 1);
    }

    private static Object noItems(Object value) {
        if (value instanceof Undefined) {
            return List.of();
        }
        throw Values.mismatch("a mapping", value);
    }

    private static Object reverse(Object value) {
        if (value instanceof String text) {
            return Texts.reverse(text);
        }
        List<Object> items = Values.iterate(value);
        java.util.Collections.reverse(items);
        return items;
    }

    private static String join(Object value, Arguments arguments) {
        UnaryOperator<Object> key = key(arguments.get(1, "attribute", null));
        List<String> texts = new ArrayList<>();
        Values.iterate(value).forEach(item -> texts.add(Values.text(key.apply(item))));
        return String.join(Values.text(arguments.get(0, "d", "")), texts);
    }

    /** Reads an attribute such as {@code function.name} or {@code 0}; the value itself where there is none. */
    private static UnaryOperator<Object> key(Object attribute) {
        if (attribute == null) {
            return UnaryOperator.identity();
        }
        if (attribute instanceof Long) {
            return value -> Attributes.item(value, attribute);
        }
        String[] path = Values.string(attribute).split("\\.", -1);
        return value -> {
            Object result = value;
            for (String part : path) {
                boolean number = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
                result = Attributes.item(result, number ? (Object) Long.valueOf(part) : part);
            }
            return result;
        };
    }

    /** As {@link #key}, with text in lower case unless the case matters. */
    private static UnaryOperator<Object> key(Object attribute, boolean caseSensitive) {
        UnaryOperator<Object> key = key(attribute);
        return value -> {
            Object result = key.apply(value);
            return !caseSensitive && result instanceof String text ? text.toLowerCase(Locale.ROOT) : result;
        };
    }

    private static List<Object> map(Object value, Arguments arguments) {
        List<Object> result = new ArrayList<>();
        if (arguments.positional().isEmpty()) {
            UnaryOperator<Object> key = key(arguments.require(0, "attribute"));
            for (Object item : Values.iterate(value)) {
                Object found = key.apply(item);
                result.add(found instanceof Undefined ? arguments.get(1, "default", found) : found);
            }
            return result;
        }
        Filters.Filter filter =
                Filters.find(Values.string(arguments.positional().get(0)));
        Values.iterate(value).forEach(item -> result.add(filter.apply(item, arguments.without(1))));
        return result;
    }

    private static List<Object> choose(Object value, Arguments arguments, boolean byAttribute, boolean wanted) {
        int skip = byAttribute ? 1 : 0;
        UnaryOperator<Object> key = key(byAttribute ? arguments.require(0, "attribute") : null);
        List<Object> rest = arguments.positional();
        Tests.Test test =
                rest.size() > skip ? Tests.find(Values.string(rest.get(skip))) : (item, none) -> Values.truth(item);
        Arguments passed = rest.size() > skip ? arguments.without(skip + 1) : Arguments.NONE;
        List<Object> result = new ArrayList<>();
        for (Object item : Values.iterate(value)) {
            if (test.holds(key.apply(item), passed) == wanted) {
                result.add(item);
            }
        }
        return result;
    }

    private static List<Object> sort(Object value, Arguments arguments) {
        UnaryOperator<Object> key =
                key(arguments.get(2, "attribute", null), arguments.flag(1, "case_sensitive", false));
        Comparator<Object> order = (a, b) -> Values.compare(key.apply(a), key.apply(b));
        List<Object> items = Values.iterate(value);
        items.sort(arguments.flag(0, "reverse", false) ? order.reversed() : order);
        return items;
    }

    private static List<Object> sortMap(Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Values.mismatch("a mapping", value);
        }
        long part = "value".equals(arguments.text(1, "by", "key")) ? 1 : 0;
        UnaryOperator<Object> key = key(part, arguments.flag(0, "case_sensitive", false));
        Comparator<Object> order = (a, b) -> Values.compare(key.apply(a), key.apply(b));
        List<Object> pairs = Attributes.items(map);
        pairs.sort(arguments.flag(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    private static List<Object> unique(Object value, Arguments arguments) {
        UnaryOperator<Object> key =
                key(arguments.get(1, "attribute", null), arguments.flag(0, "case_sensitive", false));
        Map<Object, Object> seen = new LinkedHashMap<>();
        Values.iterate(value).forEach(item -> seen.putIfAbsent(key.apply(item), item));
        return new ArrayList<>(seen.values());
    }

    private static Object extreme(Object value, Arguments arguments, int sign) {
        UnaryOperator<Object> key =
                key(arguments.get(1, "attribute", null), arguments.flag(0, "case_sensitive", false));
        Object best = new Undefined("No aggregated item, sequence was empty.");
        boolean first = true;
        for (Object item : Values.iterate(value)) {
            if (first || sign * Values.compare(key.apply(item), key.apply(best)) > 0) {
                best = item;
            }
            first = false;
        }
        return best;
    }

    private static Object sum(Object value, Arguments arguments) {
        UnaryOperator<Object> key = key(arguments.get(0, "attribute", null));
        Object total = arguments.get(1, "start", 0L);
        for (Object item : Values.iterate(value)) {
            total = Numbers.binary("+", total, key.apply(item));
        }
        return total;
    }

    private static List<Object> group(Object value, Arguments arguments) {
        UnaryOperator<Object> key = key(arguments.require(0, "attribute"));
        List<Object> items = Values.iterate(value);
        items.sort((a, b) -> Values.compare(key.apply(a), key.apply(b)));
        Map<Object, List<Object>> groups = new LinkedHashMap<>();
        items.forEach(item ->
                groups.computeIfAbsent(key.apply(item), k -> new ArrayList<>()).add(item));
        List<Object> result = new ArrayList<>();
        groups.forEach((name, members) -> result.add(Tuple.of(name, members)));
        return result;
    }

    private static List<Object> batch(Object value, Arguments arguments) {
        int size = arguments.integer(0, "linecount", 1);
        Object fill = arguments.get(1, "fill_with", null);
        List<Object> items = Values.iterate(value);
        List<Object> result = new ArrayList<>();
        for (int start = 0; start < items.size(); start += size) {
            List<Object> row = new ArrayList<>(items.subList(start, Math.min(items.size(), start + size)));
            while (fill != null && row.size() < size) {
                row.add(fill);
            }
            result.add(row);
        }
        return result;
    }
}
