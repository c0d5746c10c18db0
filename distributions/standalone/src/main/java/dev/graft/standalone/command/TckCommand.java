package dev.graft.standalone.command;

import dev.graft.standalone.terminal.ProgressLine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code graft tck}: whether a plugin keeps the contract. */
@Command(
        name = "tck",
        description = "Hold a plugin's jar or an engine to the rules of the contract, or list the rules.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TckRunCommand.class, TckEngineCommand.class, TckRulesCommand.class})
final class TckCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(graft.console().err());
        return GraftCommand.BAD_INPUT;
    }

    /** The command it belongs to. */
    GraftCommand graft() {
        return graft;
    }

    /** A line that shows how far the work is. */
    ProgressLine progress() {
        return new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
    }
}
