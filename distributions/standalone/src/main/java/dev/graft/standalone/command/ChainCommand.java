package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.standalone.chain.ChainReport;
import dev.graft.standalone.chain.ChainSession;
import dev.graft.standalone.chain.StageChain;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft chain}: runs recipes one after the other. */
@Command(
        name = "chain",
        description = {
            "Run several recipes one after the other, each of which may go on from the adapters of those before it, and"
                    + " measure the base and what they came to on the same held-out data.",
            "",
            "The file names the recipes and what they are measured by; report.md, report.json and report.png are"
                    + " written when all have run. Stopped by Ctrl-C, it goes on where it was when it is called again.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft chain examples/rlhf/chain.yaml     supervised tuning, reward model, PPO, and DPO",
            "  graft eval runs/rlhf/ppo                 the run of one stage, as any other",
        })
final class ChainCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", paramLabel = "FILE", description = "The stages, a YAML file.")
    private Path file;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        StageChain chain = StageChain.read(file);
        ChainSession session =
                new ChainSession(graft.console(), plugins, chain, file, GraftCommand.recipes(plugins), graft.json());
        Optional<ChainReport> report = session.run();
        if (report.isEmpty()) {
            return GraftCommand.INTERRUPTED;
        }
        if (graft.json()) {
            graft.print(report.get().tree());
        } else if (!report.get().measured().isEmpty()) {
            graft.print(List.of(""));
            graft.print(report.get().lines());
            graft.print(List.of("", "report     " + Path.of(chain.output()).resolve("report.md") + ", report.png"));
        }
        return GraftCommand.DONE;
    }
}
