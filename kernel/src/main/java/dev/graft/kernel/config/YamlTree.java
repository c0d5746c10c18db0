package dev.graft.kernel.config;

import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns YAML nodes into maps, lists and scalars, and notes the line of every key. */
final class YamlTree {
    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final IdentityHashMap<Node, Object> done = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();

    YamlTree(String name) {
        this.name = name;
    }

    /** The whole tree; null for an empty document. */
    Object value(Node root) {
        return root == null ? null : value(root, "");
    }

    /** Tells the line of a key path, or of the nearest section around it. */
    Source source() {
        Map<String, Integer> known = Map.copyOf(lines);
        return keyPath -> {
            for (String path = keyPath; !path.isEmpty(); path = KeyPath.parent(path)) {
                Integer line = known.get(path);
                if (line != null) {
                    return name + ", line " + line;
                }
            }
            return name;
        };
    }

    private Object value(Node node, String path) {
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (done.containsKey(node)) {
            return done.get(node);
        }
        if (open.put(node, true) != null) {
            throw new ConfigurationException(name + at(node) + ": an anchor refers to itself, which is not allowed");
        }
        Object value = node instanceof SequenceNode sequence ? list(sequence, path) : map((MappingNode) node, path);
        open.remove(node);
        done.put(node, value);
        return value;
    }

    private static Object scalar(ScalarNode node) {
        return node.getScalarStyle() == ScalarStyle.PLAIN ? ScalarText.value(node.getValue()) : node.getValue();
    }

    private List<Object> list(SequenceNode node, String path) {
        List<Object> list = new ArrayList<>();
        for (Node element : node.getValue()) {
            String elementPath = KeyPath.element(path, list.size());
            lines.putIfAbsent(elementPath, line(element));
            list.add(value(element, elementPath));
        }
        return list;
    }

    private Map<String, Object> map(MappingNode node, String path) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (NodeTuple entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
                throw new ConfigurationException(
                        name + at(entry.getKeyNode()) + ": a key is a list or a mapping where a word is expected");
            }
            String key = keyNode.getValue();
            String keyPath = KeyPath.key(path, key);
            lines.putIfAbsent(keyPath, line(keyNode));
            if (map.containsKey(key)) {
                throw new ConfigurationException(name + at(keyNode) + ": key '" + keyPath + "' stands here twice");
            }
            map.put(key, value(entry.getValueNode(), keyPath));
        }
        return map;
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static String at(Node node) {
        return ", line " + line(node);
    }

    /** A tree that is known to be a map. */
    @SuppressWarnings("unchecked") // keys of every map built here are strings
    static Map<String, Object> asMap(Object tree) {
        return (Map<String, Object>) tree;
    }
}
