package dev.graft.kernel.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds values in a {@code config.json} whose keys changed between transformers v4 and v5. Version 5 gathers
 * {@code rope_theta} and {@code rope_scaling} in {@code rope_parameters} and calls {@code torch_dtype} {@code dtype};
 * before that, {@code rope_scaling.type} became {@code rope_scaling.rope_type}. A key is found under any of its names,
 * the one asked for first.
 */
final class ConfigPath {
    private static final String V5 = "rope_parameters";
    private static final String V4 = "rope_scaling";

    private ConfigPath() {}

    /** The value at a path of keys separated by dots; empty where it is absent or null. */
    static Optional<Object> find(Map<String, Object> root, String path) {
        return names(path).stream()
                .map(name -> exact(root, name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The path under all names it ever had. */
    static List<String> names(String path) {
        return switch (path) {
            case "dtype", "torch_dtype" -> both(path, "dtype", "torch_dtype");
            case V5, V4 -> both(path, V5, V4);
            case "rope_theta", V5 + ".rope_theta", V4 + ".rope_theta" -> both(path, V5 + ".rope_theta", "rope_theta");
            default -> scaling(path);
        };
    }

    private static List<String> scaling(String path) {
        String key;
        if (path.startsWith(V5 + ".")) {
            key = path.substring(V5.length());
        } else if (path.startsWith(V4 + ".")) {
            key = path.substring(V4.length());
        } else {
            return List.of(path);
        }
        if (key.equals(".rope_type") || key.equals(".type")) {
            return both(path, V5 + ".rope_type", V4 + ".rope_type", V5 + ".type", V4 + ".type");
        }
        return both(path, V5 + key, V4 + key);
    }

    private static List<String> both(String asked, String... names) {
        List<String> ordered = new ArrayList<>(List.of(asked));
        for (String name : names) {
            if (!ordered.contains(name)) {
                ordered.add(name);
            }
        }
        return ordered;
    }

    private static Optional<Object> exact(Map<String, Object> root, String path) {
        Object value = root;
        for (String key : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return Optional.ofNullable(value);
    }
}
