package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.training.TrainingSession;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft resume}: goes on with a run that was stopped. */
@Command(
        name = "resume",
        description = {
            "Go on with a run that was stopped, even killed, from its latest checkpoint.",
            "",
            "Adapter, optimizer, random numbers and the place in the data are taken up where they were, so the run ends"
                    + " with the numbers it would have ended with.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft resume runs/mine            to the end of its recipe",
            "  graft resume runs/mine --json     one JSON object for each event",
        })
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's directory.")
    private Path root;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        Recipe recipe = Runs.recipe(plugins, root);
        RunDirectory run = new RunDirectory(root);
        if (run.finished()) {
            throw new ConfigurationException(root + " is complete and leaves nothing to go on with; its adapter is "
                    + run.adapter() + ", and a recipe can train it further with method.adapter");
        }
        TrainingSession session = new TrainingSession(graft.console(), plugins, graft.json());
        boolean finished = session.run(recipe, root, trainer -> trainer.resume(root));
        return finished ? GraftCommand.DONE : GraftCommand.INTERRUPTED;
    }
}
