package dev.graft.kernel.recipe;

import dev.graft.kernel.config.ConfigurationSchema;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schema of recipes with the plugins that are there: editors complete and check recipes with it. */
public final class RecipeSchema {
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    private final Plugins plugins;
    private final Collection<String> optional;

    /**
     * A schema.
     *
     * @param plugins what recipes may name
     * @param optional sections that may be left out because the reader has a default for them
     */
    public RecipeSchema(Plugins plugins, Collection<String> optional) {
        this.plugins = plugins;
        this.optional = List.copyOf(optional);
    }

    /** The schema as a tree. */
    public Map<String, Object> tree() {
        Map<String, Object> recipe = ConfigurationSchema.of(Recipe.class);
        Map<String, Object> properties = section(recipe, "properties");
        allow(properties, "model", List.of(TEXT, section(properties, "model")));
        learning(properties);
        for (String name : RecipeShape.PLUGIN_SECTIONS) {
            allow(properties, name, choices(PluginKind.of(name).orElseThrow(), Map.of()));
        }
        allow(properties, "method", methods());
        Map<String, Object> task = section(items(properties, "tasks"), "properties");
        learning(task);
        allow(task, "objective", choices(PluginKind.OBJECTIVE, Map.of()));

        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", ConfigurationSchema.DIALECT);
        schema.put("title", "Graft recipe");
        schema.putAll(recipe);
        schema.put(
                "required",
                ((List<?>) recipe.get("required"))
                        .stream().filter(name -> !optional.contains(name)).toList());
        schema.put(
                "oneOf",
                List.of(Map.of("required", List.of("objective", "data")), Map.of("required", List.of("tasks"))));
        return schema;
    }

    /** What a recipe and each of its tasks have in common. */
    private static void learning(Map<String, Object> properties) {
        allow(properties, "data", List.of(TEXT, Map.of("type", "array", "items", TEXT), section(properties, "data")));
        allow(properties, "show", List.of(Map.of("type", "array", "items", TEXT), section(properties, "show")));
    }

    private static Map<String, Object> items(Map<String, Object> properties, String list) {
        return section(section(properties, list), "items");
    }

    private List<Object> methods() {
        Map<String, Object> ownKeys = section(ConfigurationSchema.of(MethodSection.class), "properties");
        Map<String, Object> beside = new LinkedHashMap<>();
        beside.put("name", ownKeys.get("name"));
        beside.put("frozen", ownKeys.get("frozen"));
        beside.put("parts", ownKeys.get("parts"));
        beside.put("tasks", ownKeys.get("tasks"));
        Map<String, Object> goingOn = new LinkedHashMap<>(beside);
        goingOn.remove("parts");
        goingOn.put("id", ownKeys.get("id"));
        goingOn.put("adapter", TEXT);
        List<Object> one = new ArrayList<>(choices(PluginKind.METHOD, beside));
        one.add(object(goingOn, List.of("adapter")));
        List<Object> all = new ArrayList<>(one);
        all.add(Map.of("type", "array", "minItems", 1, "items", Map.of("anyOf", one)));
        return all;
    }

    /** Its bare id, or an object with its id and its keys, for every plugin of a kind. */
    private List<Object> choices(PluginKind kind, Map<String, Object> beside) {
        List<Object> choices = new ArrayList<>();
        choices.add(TEXT);
        for (Plugin plugin : plugins.plugins(kind)) {
            Map<String, Object> keys = ConfigurationSchema.of(plugin.provider().configuration());
            Map<String, Object> properties = new LinkedHashMap<>();
            Map<String, Object> id = new LinkedHashMap<>();
            id.put("description", plugin.provider().summary());
            id.put("enum", List.of(plugin.id(), plugin.id() + "@" + plugin.version()));
            properties.put("id", id);
            properties.putAll(beside);
            properties.putAll(section(keys, "properties"));
            List<Object> required = new ArrayList<>(List.of("id"));
            required.addAll((List<?>) keys.getOrDefault("required", List.of()));
            choices.add(object(properties, required));
        }
        return choices;
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<?> required) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", required);
        object.put("additionalProperties", false);
        return object;
    }

    private static void allow(Map<String, Object> properties, String name, List<?> choices) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("description", section(properties, name).get("description"));
        property.put("anyOf", choices);
        properties.put(name, property);
    }

    @SuppressWarnings("unchecked") // keys of every map of a schema are strings
    private static Map<String, Object> section(Map<String, Object> tree, String name) {
        return (Map<String, Object>) tree.get(name);
    }
}
