package dev.graft.standalone.command;

import dev.graft.standalone.plugins.PluginInstaller;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft plugins install}. */
@Command(
        name = "install",
        description = "Put a jar into your folder of plugins, after trying it.",
        footerHeading = "%nExamples:%n",
        footer = "  graft plugins install ln-tuning-1.0.0.jar")
final class InstallPluginCommand implements Callable<Integer> {
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
                    .install(jar)
                    .forEach(plugin -> graft.print(List.of("installed " + plugin + " in " + installer.folder())));
        }
        return GraftCommand.DONE;
    }
}
