package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A recipe on the command line, with values that go before its own. */
final class RecipeArguments {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private Path file;

    @Parameters(
            index = "1..*",
            paramLabel = "KEY.PATH=VALUE",
            arity = "0..*",
            description = "Values that go before the recipe's.")
    private List<String> overrides = List.of();

    /**
     * Reads it.
     *
     * @throws dev.graft.spi.config.ConfigurationException if anything in it is wrong
     */
    Recipe read(PluginRegistry plugins) {
        return GraftCommand.recipes(plugins).read(file, overrides);
    }
}
