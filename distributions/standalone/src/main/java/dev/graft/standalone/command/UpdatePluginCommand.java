package dev.graft.standalone.command;

import dev.graft.standalone.plugins.PluginInstaller;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft plugins update}. */
@Command(
        name = "update",
        description = "Put a jar into your folder of plugins in place of older versions.",
        footerHeading = "%nExamples:%n",
        footer = "  graft plugins update ln-tuning-1.0.0.jar")
final class UpdatePluginCommand implements Callable<Integer> {
    @ParentCommand
    private PluginsCommand plugins;

    @Parameters(arity = "1..*", paramLabel = "JAR", description = "A plugin's jar.")
    private List<Path> jars;

    @Override
    public Integer call() {
        GraftCommand graft = plugins.graft();
        PluginInstaller installer = new PluginInstaller(graft.pluginFolders().own(), graft.plugins());
        for (Path jar : jars) {
            installer
                    .update(jar)
                    .forEach(plugin -> graft.print(List.of("updated " + plugin + " in " + installer.folder())));
        }
        return GraftCommand.DONE;
    }
}
