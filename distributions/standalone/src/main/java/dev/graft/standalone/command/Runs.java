package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the runs that people name on the command line. */
final class Runs {
    private Runs() {}

    /**
     * The recipe that a run was begun with.
     *
     * @throws ConfigurationException if the directory holds no run
     */
    static Recipe recipe(PluginRegistry plugins, Path root) {
        return recipe(plugins, root, List.of());
    }

    /**
     * The recipe that a run was begun with, some of its keys changed.
     *
     * @param changes each {@code key.path=value}
     * @throws ConfigurationException if the directory holds no run
     */
    static Recipe recipe(PluginRegistry plugins, Path root, List<String> changes) {
        Path file = new RunDirectory(root).recipe();
        if (!Files.exists(file)) {
            throw new ConfigurationException(
                    Files.exists(root)
                            ? root + " holds no run: there is no " + file.getFileName() + " in it"
                            : "there is no run " + root);
        }
        return GraftCommand.recipes(plugins).read(file, changes);
    }
}
