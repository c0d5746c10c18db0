package dev.graft.kernel.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The two shapes of a recipe: short, as people write it, where a bare word stands for a section and a plugin's keys
 * stand beside its id; and full, as the records are.
 */
final class RecipeShape {
    /** Sections that are one plugin each. */
    static final List<String> PLUGIN_SECTIONS = List.of("quantizer", "objective", "scorer", "optimizer", "engine");

    private static final Map<String, String> SHORTHANDS = shorthands();

    private static final Set<String> PLUGIN_KEYS = Set.of("id");
    private static final Set<String> METHOD_KEYS = Set.of("id", "name", "adapter", "frozen", "parts", "tasks");
    private static final String OPTIONS = "options";

    private RecipeShape() {}

    private static Map<String, String> shorthands() {
        Map<String, String> shorthands = new LinkedHashMap<>(Map.of("model", "path", "data", "train"));
        PLUGIN_SECTIONS.forEach(section -> shorthands.put(section, "id"));
        return shorthands;
    }

    /** Bare words become sections; a list of prompts becomes a section that shows them. */
    static Map<String, Object> expand(Map<String, Object> tree) {
        Map<String, Object> expanded = new LinkedHashMap<>(tree);
        SHORTHANDS.forEach((section, key) -> expanded.computeIfPresent(section, (name, value) -> wrap(value, key)));
        expanded.computeIfPresent("method", (name, value) -> expandMethod(value));
        expanded.computeIfPresent("show", (name, value) -> value instanceof List ? Map.of("prompts", value) : value);
        expanded.computeIfPresent("tasks", (name, value) -> eachTask(value, RecipeShape::expand));
        return expanded;
    }

    /** Tasks are written like recipes of which only objective, data and show are there. */
    private static Object eachTask(Object tasks, UnaryOperator<Map<String, Object>> change) {
        if (!(tasks instanceof List<?> list)) {
            return tasks;
        }
        List<Object> changed = new ArrayList<>();
        for (Object task : list) {
            changed.add(task instanceof Map<?, ?> map ? change.apply(copy(map)) : task);
        }
        return changed;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put((String) key, value));
        return copy;
    }

    /** The keys of plugins move below {@code options}, and a single method becomes a list of one. */
    static Map<String, Object> nest(Map<String, Object> expanded) {
        Map<String, Object> nested = new LinkedHashMap<>(expanded);
        for (String section : PLUGIN_SECTIONS) {
            nested.computeIfPresent(section, (name, value) -> nest(value, PLUGIN_KEYS));
        }
        nested.computeIfPresent("method", (name, value) -> {
            List<Object> methods = new ArrayList<>();
            (value instanceof List<?> list ? list : List.of(value)).forEach(one -> methods.add(nest(one, METHOD_KEYS)));
            return methods;
        });
        nested.computeIfPresent("tasks", (name, value) -> eachTask(value, RecipeShape::nest));
        return nested;
    }

    /** The opposite of {@link #nest}. */
    static Map<String, Object> flatten(Map<String, Object> nested) {
        Map<String, Object> flat = new LinkedHashMap<>(nested);
        for (String section : PLUGIN_SECTIONS) {
            flat.computeIfPresent(section, (name, value) -> flattenSection(value));
        }
        flat.computeIfPresent("method", (name, value) -> {
            List<Object> methods = new ArrayList<>();
            ((List<?>) value).forEach(one -> methods.add(flattenSection(one)));
            return methods.size() == 1 ? methods.get(0) : methods;
        });
        flat.computeIfPresent("tasks", (name, value) -> eachTask(value, RecipeShape::flatten));
        return flat;
    }

    private static Object wrap(Object value, String key) {
        boolean bare = value instanceof String || (key.equals("train") && value instanceof List);
        return bare ? Map.of(key, value) : value;
    }

    private static Object expandMethod(Object value) {
        if (value instanceof List<?> list) {
            List<Object> methods = new ArrayList<>();
            list.forEach(one -> methods.add(wrap(one, "id")));
            return methods;
        }
        return wrap(value, "id");
    }

    private static Object nest(Object section, Set<String> own) {
        if (!(section instanceof Map<?, ?> map)) {
            return section;
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        Map<String, Object> options = new LinkedHashMap<>();
        map.forEach((key, value) -> (own.contains(key) ? nested : options).put((String) key, value));
        nested.put(OPTIONS, options);
        return nested;
    }

    private static Object flattenSection(Object section) {
        Map<String, Object> flat = new LinkedHashMap<>();
        ((Map<?, ?>) section).forEach((key, value) -> {
            if (key.equals(OPTIONS)) {
                ((Map<?, ?>) value).forEach((option, setting) -> flat.put((String) option, setting));
            } else {
                flat.put((String) key, value);
            }
        });
        return flat;
    }
}
