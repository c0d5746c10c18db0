package dev.graft.standalone.command;

import dev.graft.kernel.config.KeyTable;
import dev.graft.kernel.config.NearestName;
import dev.graft.kernel.plugin.HeldPlugin;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginHolders;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.plugins.PluginInstaller;
import dev.graft.standalone.terminal.Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft plugins}: what there is to choose from. */
@Command(
        name = "plugins",
        description = "List the plugins that recipes can name, describe one, or change which are installed.",
        subcommands = {
            RemovePluginCommand.class,
            PinPluginCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft plugins                          all plugins",
            "  graft plugins list --kind method       the fine-tuning techniques",
            "  graft plugins describe lora            what it does, its keys and their defaults",
            "  graft plugins install ln-tuning-1.0.0.jar",
        })
final class PluginsCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Override
    public Integer call() {
        return list(null);
    }

    GraftCommand graft() {
        return graft;
    }

    @Command(
            name = "list",
            aliases = "ls",
            description = "List the plugins that recipes can name, and who uses those of your folders.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  graft plugins list --kind method       the fine-tuning techniques",
                "  graft plugins list --json              one JSON object for each plugin",
            })
    int list(
            @Option(
                            names = "--kind",
                            paramLabel = "KIND",
                            description =
                                    "One of engine, model, method, objective, optimizer, quantizer, tokenizer, scorer.")
                    String kind) {
        PluginRegistry registry = graft.plugins();
        List<Plugin> plugins = kind == null ? registry.plugins() : registry.plugins(kind(kind));
        PluginHolders holders = PluginHolders.of(registry, graft.pluginFolders().all());
        List<HeldPlugin> gone = holders.gone().stream()
                .filter(held -> kind == null || held.kind() == kind(kind))
                .toList();
        if (graft.json()) {
            plugins.forEach(plugin -> graft.print(json(plugin, holders.of(plugin))));
            gone.forEach(held -> graft.print(json(held)));
            return GraftCommand.DONE;
        }
        Table table = Table.of("KIND", "ID", "VERSION", "WHAT IT DOES");
        plugins.forEach(plugin -> table.row(
                plugin.kind().text(),
                plugin.id(),
                plugin.version(),
                plugin.provider().summary() + origin(plugin) + heldBy(holders.of(plugin))));
        gone.forEach(held ->
                table.row(held.kind().text(), held.id(), held.version(), "removed" + heldBy(List.of(held.who()))));
        graft.print(table.lines(graft.console().columns()));
        return GraftCommand.DONE;
    }

    @Command(
            name = "describe",
            description = "Describe a plugin: what it does, when to choose it, its keys and their defaults.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  graft plugins describe lora            by its id",
                "  graft plugins describe lora --json     with a JSON Schema of its keys",
            })
    int describe(
            @Parameters(
                            index = "0",
                            paramLabel = "ID",
                            description = "The plugin's id; id@version for one version of several.")
                    String id) {
        PluginRegistry registry = graft.plugins();
        List<Plugin> found = find(registry, id);
        for (Plugin plugin : found) {
            if (graft.json()) {
                graft.print(PluginDescription.json(plugin));
            } else {
                graft.print(PluginDescription.lines(plugin, graft.console().columns()));
            }
        }
        return GraftCommand.DONE;
    }

    @Command(
            name = "install",
            description = "Put a jar into your folder of plugins, after trying it.",
            footerHeading = "%nExamples:%n",
            footer = "  graft plugins install ln-tuning-1.0.0.jar")
    int install(@Parameters(arity = "1..*", paramLabel = "JAR", description = "A plugin's jar.") List<Path> jars) {
        return put(jars, "installed", PluginInstaller::install);
    }

    @Command(
            name = "update",
            description = "Put a jar into your folder of plugins in place of older versions.",
            footerHeading = "%nExamples:%n",
            footer = "  graft plugins update ln-tuning-1.0.0.jar")
    int update(@Parameters(arity = "1..*", paramLabel = "JAR", description = "A plugin's jar.") List<Path> jars) {
        return put(jars, "updated", PluginInstaller::update);
    }

    private int put(List<Path> jars, String done, BiFunction<PluginInstaller, Path, List<Plugin>> way) {
        PluginInstaller installer = new PluginInstaller(graft.pluginFolders().own(), graft.plugins());
        for (Path jar : jars) {
            way.apply(installer, jar)
                    .forEach(plugin -> graft.print(List.of(done + " " + plugin + " in " + installer.folder())));
        }
        return GraftCommand.DONE;
    }

    /** The jar of a plugin that does not come with the program. */
    private static String origin(Plugin plugin) {
        return plugin.provenance().sha256() == null ? "" : " (" + plugin.provenance() + ")";
    }

    private static String heldBy(List<String> holders) {
        return holders.isEmpty() ? "" : ", held by " + String.join(", ", holders);
    }

    static List<Plugin> find(PluginRegistry registry, String name) {
        String id = name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
        List<Plugin> found = Arrays.stream(PluginKind.values())
                .filter(kind -> registry.plugins(kind).stream()
                        .anyMatch(plugin -> plugin.id().equals(id)))
                .map(kind -> registry.plugin(kind, name))
                .toList();
        if (found.isEmpty()) {
            List<String> known =
                    registry.plugins().stream().map(Plugin::id).distinct().toList();
            throw new ConfigurationException("there is no plugin '" + id + "'; " + NearestName.suggestion(id, known));
        }
        return found;
    }

    /** Every version of a plugin, or the one that is named. */
    static List<Plugin> versions(PluginRegistry registry, String name) {
        List<Plugin> found = find(registry, name);
        return name.contains("@")
                ? found
                : registry.plugins().stream()
                        .filter(plugin -> plugin.id().equals(name))
                        .toList();
    }

    private static PluginKind kind(String text) {
        List<String> kinds =
                Arrays.stream(PluginKind.values()).map(PluginKind::text).toList();
        return PluginKind.of(text)
                .orElseThrow(() -> new ConfigurationException(
                        "there is no kind of plugin '" + text + "'; " + NearestName.suggestion(text, kinds)));
    }

    private static Map<String, Object> json(HeldPlugin gone) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", gone.kind().text());
        json.put("id", gone.id());
        json.put("version", gone.version());
        json.put("sha256", gone.sha256());
        json.put("removed", true);
        json.put("held_by", List.of(gone.who()));
        return json;
    }

    private static Map<String, Object> json(Plugin plugin, List<String> holders) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", plugin.kind().text());
        json.put("id", plugin.id());
        json.put("version", plugin.version());
        json.put("summary", plugin.provider().summary());
        json.put("provenance", plugin.provenance().name());
        json.put("host", plugin.provenance().host());
        plugin.provenance().checksum().ifPresent(checksum -> json.put("sha256", checksum));
        json.put("held_by", holders);
        json.put(
                "keys",
                KeyTable.of(plugin.provider().configuration()).stream()
                        .map(KeyTable.Row::key)
                        .toList());
        return json;
    }
}
