package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attributes and items of values. What would change a value is refused, as transformers' sandbox does. */
final class Attributes {
    private static final Object ABSENT = new Object();

    private Attributes() {}

    /** {@code base.name}: an attribute first, then an item. */
    static Object attribute(Object base, String name) {
        Object found = member(base, name);
        if (found != ABSENT) {
            return found;
        }
        return base instanceof Map<?, ?> map && map.containsKey(name) ? map.get(name) : missing(base, name);
    }

    /** {@code base[key]}: an item first, then an attribute. */
    static Object item(Object base, Object key) {
        if (base instanceof Map<?, ?> map && map.containsKey(key)) {
            return map.get(key);
        }
        if (key instanceof Long index && (base instanceof List || base instanceof String)) {
            return element(base, index);
        }
        Object found = key instanceof String name ? member(base, name) : ABSENT;
        return found == ABSENT ? missing(base, key) : found;
    }

    private static Object missing(Object base, Object name) {
        if (base instanceof Undefined undefined) {
            throw undefined.failure();
        }
        return Undefined.attribute(base, name);
    }

    private static Object element(Object base, long index) {
        List<Object> elements = Values.iterate(base);
        long at = index < 0 ? index + elements.size() : index;
        return at < 0 || at >= elements.size()
                ? new Undefined(Values.typeName(base) + " object has no element " + index)
                : elements.get((int) at);
    }

    /** {@code base[from:to:step]}; bounds may be null. */
    static Object slice(Object base, Object from, Object to, Object step) {
        if (!(base instanceof String) && !(base instanceof List)) {
            throw Values.mismatch("a string or a list", base);
        }
        List<Object> elements = Values.iterate(base);
        int stride = step == null ? 1 : (int) Numbers.integer(step);
        if (stride == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        int size = elements.size();
        int low = stride > 0 ? 0 : -1;
        int high = stride > 0 ? size : size - 1;
        int start = from == null ? (stride > 0 ? low : high) : bound(from, size, low, high);
        int end = to == null ? (stride > 0 ? high : low) : bound(to, size, low, high);
        List<Object> result = new ArrayList<>();
        for (int i = start; stride > 0 ? i < end : i > end; i += stride) {
            result.add(elements.get(i));
        }
        if (base instanceof String) {
            StringBuilder text = new StringBuilder();
            result.forEach(text::append);
            return text.toString();
        }
        return base instanceof Tuple ? new Tuple(result) : result;
    }

    private static int bound(Object bound, int size, int low, int high) {
        long at = Numbers.integer(bound);
        return (int) Math.max(low, Math.min(high, at < 0 ? at + size : at));
    }

    private static Object member(Object base, String name) {
        if (base instanceof Namespace namespace) {
            return namespace.attributes().getOrDefault(name, ABSENT);
        }
        if (base instanceof Loop loop && loop.hasAttribute(name)) {
            return loop.attribute(name);
        }
        Object method = method(base, name);
        return method == null ? ABSENT : method;
    }

    private static Object method(Object base, String name) {
        if (base instanceof String text) {
            return StringMethods.find(text, name);
        }
        if (base instanceof Map<?, ?> map) {
            return mapMethod(map, name);
        }
        if (base instanceof List<?> list) {
            return listMethod(list, name);
        }
        return base instanceof Macro macro ? macro.attribute(name) : null;
    }

    private static Callable mapMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> arguments -> items(map);
            case "keys" -> arguments -> new ArrayList<Object>(map.keySet());
            case "values" -> arguments -> new ArrayList<Object>(map.values());
            case "get" ->
                arguments -> {
                    Object key = arguments.require(0, "key");
                    return map.containsKey(key) ? map.get(key) : arguments.get(1, "default", null);
                };
            case "copy" -> arguments -> new java.util.LinkedHashMap<Object, Object>(map);
            case "pop", "popitem", "update", "setdefault", "clear" -> throw unsafe(map, name);
            default -> null;
        };
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    private static Callable listMethod(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                arguments -> {
                    Object wanted = arguments.require(0, "value");
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.same(list.get(i), wanted)) {
                            return (long) i;
                        }
                    }
                    throw new TemplateException(Values.represent(wanted) + " is not in list");
                };
            case "count" ->
                arguments -> list.stream()
                        .filter(item -> Values.same(item, arguments.require(0, "value")))
                        .count();
            case "copy" -> arguments -> new ArrayList<Object>(list);
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" -> throw unsafe(list, name);
            default -> null;
        };
    }

    private static TemplateException unsafe(Object base, String name) {
        return new TemplateException("access to attribute '" + name + "' of '" + Values.typeName(base)
                + "' object is unsafe: a template may not change it");
    }
}
