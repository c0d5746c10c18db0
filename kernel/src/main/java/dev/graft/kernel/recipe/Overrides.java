package dev.graft.kernel.recipe;

import dev.graft.kernel.config.KeyPath;
import dev.graft.kernel.config.Source;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values given beside a file, as {@code key.path=value}. Sections that are not there are created; an element of a list
 * is named by its index, as in {@code method[0].name} or {@code method.0.name}. Values are YAML.
 */
final class Overrides {
    private static final String PLACE = "command line";

    private final List<Assignment> assignments;

    /** One of them. */
    private record Assignment(String text, List<String> steps, Object value) {}

    private Overrides(List<Assignment> assignments) {
        this.assignments = assignments;
    }

    /**
     * Reads arguments.
     *
     * @throws ConfigurationException if one has no key or no equals sign, or its value is not YAML
     */
    static Overrides parse(List<String> arguments) {
        return new Overrides(arguments.stream().map(Overrides::parse).toList());
    }

    private static Assignment parse(String argument) {
        int equals = argument.indexOf('=');
        if (equals < 1) {
            throw new ConfigurationException(
                    PLACE + ": found '" + argument + "' where key.path=value is expected, such as training.seed=7");
        }
        String path = argument.substring(0, equals).strip().replace("[", ".").replace("]", "");
        List<String> steps = Arrays.asList(path.split("\\.", -1));
        if (steps.contains("")) {
            throw new ConfigurationException(PLACE + ": the key path of '" + argument + "' has an empty part");
        }
        return new Assignment(argument, steps, YamlDocument.value(argument.substring(equals + 1), PLACE + ", " + path));
    }

    /** The tree with the values put in; the tree itself is not changed. */
    Map<String, Object> apply(Map<String, Object> tree) {
        Map<String, Object> changed = tree;
        for (Assignment assignment : assignments) {
            changed = asMap(put(changed, assignment, 0, ""));
        }
        return changed;
    }

    /** Where keys come from: the command line, or else the file. */
    Source over(Source file) {
        Set<String> given = new HashSet<>();
        assignments.forEach(assignment -> given.add(String.join(".", assignment.steps())));
        return keyPath -> {
            for (String path = keyPath; !path.isEmpty(); path = KeyPath.parent(path)) {
                if (given.contains(path.replace("[", ".").replace("]", ""))) {
                    return PLACE;
                }
            }
            String place = file.locate(keyPath);
            boolean createdHere =
                    place.equals(file.locate("")) && given.stream().anyMatch(path -> path.startsWith(keyPath + "."));
            return createdHere ? PLACE : place;
        };
    }

    private static Object put(Object around, Assignment assignment, int depth, String path) {
        if (depth == assignment.steps().size()) {
            return assignment.value();
        }
        String step = assignment.steps().get(depth);
        if (around instanceof List<?> list) {
            int index = index(step, list.size(), assignment, path);
            List<Object> copy = new ArrayList<>(list);
            Object changed = put(
                    index < list.size() ? list.get(index) : null, assignment, depth + 1, KeyPath.element(path, index));
            if (index < list.size()) {
                copy.set(index, changed);
            } else {
                copy.add(changed);
            }
            return copy;
        }
        if (around != null && !(around instanceof Map)) {
            throw new ConfigurationException(PLACE + ": '" + assignment.text() + "' wants a key inside '" + path
                    + "', which holds " + around + " and no keys");
        }
        Map<String, Object> copy = around == null ? new LinkedHashMap<>() : new LinkedHashMap<>(asMap(around));
        copy.put(step, put(copy.get(step), assignment, depth + 1, KeyPath.key(path, step)));
        return copy;
    }

    private static int index(String step, int size, Assignment assignment, String path) {
        if (step.matches("\\d{1,6}") && Integer.parseInt(step) <= size) {
            return Integer.parseInt(step);
        }
        throw new ConfigurationException(PLACE + ": '" + assignment.text() + "' wants '" + step + "' of '" + path
                + "', which is a list; allowed: an index from 0 to " + size);
    }

    @SuppressWarnings("unchecked") // keys of every map of a tree are strings
    private static Map<String, Object> asMap(Object tree) {
        return (Map<String, Object>) tree;
    }
}
