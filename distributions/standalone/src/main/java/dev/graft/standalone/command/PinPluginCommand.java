package dev.graft.standalone.command;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.plugins.PluginPins;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft plugins pin}. */
@Command(
        name = "pin",
        description = "Have one version of a plugin taken wherever a recipe names none, instead of the newest.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft plugins pin                      what is pinned",
            "  graft plugins pin lora@1.0.0           take this version",
            "  graft plugins pin lora --newest        take the newest again",
        })
final class PinPluginCommand implements Callable<Integer> {
    @ParentCommand
    private PluginsCommand plugins;

    @Parameters(arity = "0..1", paramLabel = "ID@VERSION", description = "The plugin and its version.")
    private String name;

    @Option(names = "--newest", description = "Take the newest version from now on.")
    private boolean newest;

    @Override
    public Integer call() {
        GraftCommand graft = plugins.graft();
        PluginPins pins = PluginPins.read(graft.pluginFolders().own());
        if (name == null) {
            graft.print(pins.texts());
            return GraftCommand.DONE;
        }
        int at = name.indexOf('@');
        if (newest) {
            String id = at < 0 ? name : name.substring(0, at);
            if (!pins.versions().containsKey(id)) {
                throw new ConfigurationException("no version of '" + id + "' is pinned");
            }
            pins.without(id).write();
            graft.print(List.of("the newest " + id + " is taken where a recipe names no version"));
            return GraftCommand.DONE;
        }
        if (at < 0) {
            throw new ConfigurationException("'" + name
                    + "' names no version to pin; write id@version, or add --newest to take the newest again");
        }
        PluginsCommand.find(graft.plugins(), name);
        pins.with(name.substring(0, at), name.substring(at + 1)).write();
        graft.print(List.of(name + " is taken where a recipe names no version"));
        return GraftCommand.DONE;
    }
}
