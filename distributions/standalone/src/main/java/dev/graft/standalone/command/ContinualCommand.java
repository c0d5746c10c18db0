package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.standalone.continual.SequenceReport;
import dev.graft.standalone.continual.SequenceSession;
import dev.graft.standalone.continual.TaskSequence;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft continual}: learns tasks one after the other and tells what is left of the earlier ones. */
@Command(
        name = "continual",
        description = {
            "Learn several tasks one after the other, in one or several ways, and report how well every task is done"
                    + " after each: the accuracy matrix, forgetting and backward transfer.",
            "",
            "The file names a recipe, the tasks' data, and the method section of each way. Every task is an ordinary"
                    + " run that goes on from the adapter of the one before it; report.md and report.json stand beside"
                    + " the runs. Stopped by Ctrl-C, it goes on where it was when it is called again.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft continual examples/ewc/sequence.yaml     three tasks, with and without consolidation",
            "  graft eval runs/ewc/ewc/3-question             the last of its runs, as any other",
        })
final class ContinualCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", paramLabel = "FILE", description = "The sequence of tasks, a YAML file.")
    private Path file;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        TaskSequence sequence = TaskSequence.read(file);
        SequenceSession session = new SequenceSession(
                graft.console(), plugins, sequence, file, GraftCommand.recipes(plugins), graft.json());
        Optional<SequenceReport> report = session.run();
        if (report.isEmpty()) {
            return GraftCommand.INTERRUPTED;
        }
        if (graft.json()) {
            graft.print(report.get().tree());
        } else {
            graft.print(report.get().lines());
        }
        return GraftCommand.DONE;
    }
}
