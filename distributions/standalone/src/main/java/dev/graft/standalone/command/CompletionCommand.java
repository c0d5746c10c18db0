package dev.graft.standalone.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code graft completion}: completion for shells. */
@Command(
        name = "completion",
        description = "Print a script that makes bash and zsh complete commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(graft completion)                              for this shell",
            "  graft completion > ~/.local/share/bash-completion/completions/graft",
        })
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        graft.console().out().print(AutoComplete.bash("graft", spec.root().commandLine()));
        graft.console().out().println();
        return GraftCommand.DONE;
    }
}
