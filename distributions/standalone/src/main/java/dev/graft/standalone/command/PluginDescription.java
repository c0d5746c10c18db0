package dev.graft.standalone.command;

import dev.graft.kernel.config.ConfigurationSchema;
import dev.graft.kernel.config.KeyTable;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.plugin.Documentation;
import dev.graft.standalone.terminal.Table;
import dev.graft.standalone.terminal.Wrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plugin in full: what it does, when to choose it, its keys. */
final class PluginDescription {
    private static final String INDENT = "  ";

    private PluginDescription() {}

    /** For a person. */
    static List<String> lines(Plugin plugin, int columns) {
        List<String> lines = new ArrayList<>();
        lines.add(plugin + "   (" + plugin.provenance() + ")");
        if (plugin.provenance().sha256() != null) {
            lines.add(INDENT + "from " + plugin.provenance().jar());
            lines.add(INDENT + "SHA-256 " + plugin.provenance().sha256());
        }
        lines.addAll(indented(plugin.provider().summary(), columns));
        documentation(plugin).ifPresent(documentation -> {
            part(lines, "Idea", documentation.idea(), columns);
            part(lines, "Formula", documentation.formula(), columns);
            part(lines, "Paper", documentation.source(), columns);
            part(lines, "When to choose it", documentation.choose(), columns);
            part(lines, "Trainable parameters", documentation.parameters(), columns);
            part(lines, "On disk", documentation.disk(), columns);
        });
        if (plugin.provider() instanceof ModelProvider model) {
            part(
                    lines,
                    "model_type",
                    String.join(", ", model.modelTypes().stream().sorted().toList()),
                    columns);
        }
        List<KeyTable.Row> keys = KeyTable.of(plugin.provider().configuration());
        lines.add("");
        lines.add(keys.isEmpty() ? "No keys." : "Keys:");
        if (!keys.isEmpty()) {
            keyTable(keys).lines(columns - INDENT.length()).forEach(line -> lines.add(INDENT + line));
            lines.add("");
            lines.addAll(example(plugin, keys));
        }
        return lines;
    }

    /** For another program. */
    static Map<String, Object> json(Plugin plugin) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", plugin.kind().text());
        json.put("id", plugin.id());
        json.put("version", plugin.version());
        json.put("summary", plugin.provider().summary());
        json.put("provenance", plugin.provenance().name());
        json.put("host", plugin.provenance().host());
        plugin.provenance().checksum().ifPresent(checksum -> json.put("sha256", checksum));
        documentation(plugin).ifPresent(documentation -> {
            json.put("idea", documentation.idea());
            json.put("formula", documentation.formula());
            json.put("choose", documentation.choose());
            json.put("source", documentation.source());
            json.put("parameters", documentation.parameters());
            json.put("disk", documentation.disk());
        });
        json.put("schema", ConfigurationSchema.of(plugin.provider().configuration()));
        return json;
    }

    private static Optional<Documentation> documentation(Plugin plugin) {
        return plugin.provider() instanceof MethodProvider<?> method
                ? Optional.of(method.documentation())
                : Optional.empty();
    }

    private static void part(List<String> lines, String heading, String text, int columns) {
        lines.add("");
        lines.add(heading + ":");
        lines.addAll(indented(text, columns));
    }

    private static List<String> indented(String text, int columns) {
        return Wrap.lines(text, columns - INDENT.length()).stream()
                .map(line -> INDENT + line)
                .toList();
    }

    private static Table keyTable(List<KeyTable.Row> keys) {
        Table table = Table.of("KEY", "DEFAULT", "MEANING");
        for (KeyTable.Row key : keys) {
            String otherwise = key.required() ? "required" : key.defaultsTo().isEmpty() ? "-" : key.defaultsTo();
            table.row(key.key(), otherwise, key.meaning() + " [" + key.allowed() + "]");
        }
        return table;
    }

    /** The plugin as it would stand in a recipe, with the keys that have to be given or have a default. */
    private static List<String> example(Plugin plugin, List<KeyTable.Row> keys) {
        boolean inRecipes = plugin.kind() != PluginKind.MODEL && plugin.kind() != PluginKind.TOKENIZER;
        if (!inRecipes) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("In a recipe:");
        lines.add(INDENT + plugin.kind().text() + ":");
        lines.add(INDENT + INDENT + "id: " + plugin.id());
        keys.stream()
                .filter(key -> !key.key().contains(".") && !key.defaultsTo().isEmpty())
                .limit(4)
                .forEach(key -> lines.add(INDENT + INDENT + key.key() + ": " + key.defaultsTo()));
        return lines;
    }
}
