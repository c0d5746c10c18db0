package dev.graft.standalone.command;

import dev.graft.standalone.plugins.PluginInstaller;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft plugins remove}. */
@Command(
        name = "remove",
        description = "Delete the jar of a plugin from your folder of plugins.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft plugins remove ln-tuning         every version of your own",
            "  graft plugins remove ln-tuning@1.0.0   this one",
        })
final class RemovePluginCommand implements Callable<Integer> {
    @ParentCommand
    private PluginsCommand plugins;

    @Parameters(arity = "1", paramLabel = "ID", description = "The plugin's id; id@version for one version of several.")
    private String id;

    @Override
    public Integer call() {
        GraftCommand graft = plugins.graft();
        PluginInstaller installer = new PluginInstaller(graft.pluginFolders().own(), graft.plugins());
        installer
                .remove(PluginsCommand.versions(graft.plugins(), id))
                .forEach(plugin -> graft.print(List.of("removed " + plugin + " from " + installer.folder())));
        return GraftCommand.DONE;
    }
}
