package dev.graft.kernel.config;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schema (draft 2020-12) of configuration records, for editors and other programs. */
public final class ConfigurationSchema {
    /** The dialect that the schemas are written in. */
    public static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private static final Map<String, Object> TEXTS = Map.of("type", "array", "items", Map.of("type", "string"));

    private ConfigurationSchema() {}

    /** The schema of a record: an object that allows its keys and no others. */
    public static Map<String, Object> of(Class<? extends Record> record) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (ConfigurationKey key : ConfigurationKey.of(record)) {
            properties.put(key.name(), property(key));
            if (isRequired(key)) {
                required.add(key.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    static boolean isRequired(ConfigurationKey key) {
        return key.key().required()
                || (key.component().getType().isPrimitive()
                        && key.key().defaultsTo().isEmpty());
    }

    private static Map<String, Object> property(ConfigurationKey key) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("description", key.key().value());
        property.putAll(value(key.type(), key.key()));
        if (Expected.nullable(key.type()) && !key.key().required()) {
            allowNull(property);
        }
        if (key.defaultTree() != null) {
            property.put("default", key.defaultTree());
        }
        return property;
    }

    private static void allowNull(Map<String, Object> property) {
        if (property.get("type") instanceof String type) {
            property.put("type", List.of(type, "null"));
        }
        if (property.get("enum") instanceof List<?> names) {
            List<Object> withNull = new ArrayList<>(names);
            withNull.add(null);
            property.put("enum", withNull);
        }
        if (property.get("anyOf") instanceof List<?> choices) {
            List<Object> withNull = new ArrayList<>(choices);
            withNull.add(Map.of("type", "null"));
            property.put("anyOf", withNull);
        }
    }

    private static Map<String, Object> value(Type type, Key key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (type instanceof ParameterizedType generic) {
            boolean list = generic.getRawType() == List.class;
            schema.put("type", list ? "array" : "object");
            schema.put(
                    list ? "items" : "additionalProperties",
                    value(generic.getActualTypeArguments()[list ? 0 : 1], key));
            return schema;
        }
        Class<?> raw = (Class<?>) type;
        if (raw == int.class || raw == Integer.class || raw == long.class || raw == Long.class) {
            schema.put("type", "integer");
            range(schema, key);
        } else if (raw == double.class || raw == Double.class) {
            schema.put("type", "number");
            range(schema, key);
        } else if (raw == boolean.class || raw == Boolean.class) {
            schema.put("type", "boolean");
        } else if (raw == String.class) {
            schema.put("type", "string");
            names(schema, List.of(key.allowed()));
        } else if (raw.isEnum()) {
            schema.put("type", "string");
            names(schema, Expected.enumNames(raw, key));
        } else if (raw == Choice.class) {
            schema.put("anyOf", List.of(Map.of("type", "string"), TEXTS));
        } else if (raw.isRecord()) {
            schema.putAll(of(raw.asSubclass(Record.class)));
        }
        return schema;
    }

    private static void range(Map<String, Object> schema, Key key) {
        if (key.min() != Double.NEGATIVE_INFINITY) {
            schema.put("minimum", Expected.exact(key.min()));
        }
        if (key.max() != Double.POSITIVE_INFINITY) {
            schema.put("maximum", Expected.exact(key.max()));
        }
    }

    private static void names(Map<String, Object> schema, List<String> names) {
        if (!names.isEmpty()) {
            schema.put("enum", names);
        }
    }
}
