package dev.graft.standalone.command;

import dev.graft.standalone.terminal.Table;
import dev.graft.tck.Rules;
import dev.graft.tck.rule.Rule;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code graft tck rules}: the rules. */
@Command(name = "rules", description = "List the rules.")
final class TckRulesCommand implements Callable<Integer> {
    @ParentCommand
    private TckCommand tck;

    @Override
    public Integer call() {
        GraftCommand graft = tck.graft();
        Table table = Table.of("RULE", "LEVEL", "SENTENCE");
        for (Rule rule : Rules.all().toList()) {
            if (graft.json()) {
                graft.print(Map.of(
                        "rule", rule.number(),
                        "level", rule.level().name(),
                        "name", rule.name(),
                        "sentence", rule.sentence()));
            } else {
                table.row(rule.number(), rule.level().name(), rule.sentence());
            }
        }
        if (!graft.json()) {
            graft.print(table.lines(graft.console().columns()));
        }
        return GraftCommand.DONE;
    }
}
