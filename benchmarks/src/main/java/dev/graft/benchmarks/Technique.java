package dev.graft.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One line of the table of techniques.
 *
 * @param name what the line is called
 * @param before runs that must be there first, for instance those whose adapters are mixed, each as values that go before
 *     those of a recipe; {@code recipe=NAME} among them says which example it is
 * @param change values that go before those of the common recipe; <code>{before}</code> stands for the adapters of the
 *     runs before
 */
record Technique(String name, List<List<String>> before, List<String> change) {
    /** Copies the lists. */
    Technique {
        before = List.copyOf(before);
        change = List.copyOf(change);
    }

    /** All techniques of a file. */
    static List<Technique> read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            List<Map<String, Object>> entries = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return entries.stream().map(Technique::of).toList();
        }
    }

    private static Technique of(Map<String, Object> entry) {
        List<?> before = (List<?>) entry.getOrDefault("before", List.of());
        return new Technique(
                (String) entry.get("name"),
                before.stream().map(run -> texts((List<?>) run)).toList(),
                texts((List<?>) entry.get("change")));
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }

    /** The name as part of a file's name. */
    String slug() {
        return name.toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("-$", "");
    }
}
