package dev.graft.standalone.command;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.tck.run.EngineRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft tck engine}: an installed engine against the rules for engines, for a while. */
@Command(
        name = "engine",
        description = {
            "Try every operation of an installed engine on random shapes against its definition in double precision,"
                    + " from one seed after the other until the time is over.",
            "",
            "The exit code is 1 if anything disagreed; the seed that is named repeats it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  graft tck engine --minutes 10", "  graft tck engine torch --seed 7 --minutes 0"})
final class TckEngineCommand implements Callable<Integer> {
    private static final int LONGEST_MINUTES = 10_000;

    @ParentCommand
    private TckCommand tck;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ENGINE",
            defaultValue = Defaults.ENGINE,
            description = "The engine. Default: ${DEFAULT-VALUE}.")
    private String id;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "1",
            description = "How long; 0 = one seed. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        if (!(minutes >= 0 && minutes <= LONGEST_MINUTES)) {
            throw new ConfigurationException(
                    "--minutes is " + minutes + "; it must lie between 0 and " + LONGEST_MINUTES);
        }
        long begin = System.nanoTime();
        Duration time = Duration.ofMillis(Math.round(minutes * 60_000));
        ProgressLine line = tck.progress();
        EngineRun.Report report;
        try (Engine engine = Engines.start(tck.graft().plugins(), id)) {
            report = new EngineRun(engine, seed, time)
                    .run(done -> line.show(
                            (double) (System.nanoTime() - begin) / Math.max(1, time.toNanos()),
                            List.of("seed " + done.seed(), done.calls() + " calls")));
        }
        line.clear();
        show(report);
        return report.passed() ? GraftCommand.DONE : GraftCommand.FAILED;
    }

    private void show(EngineRun.Report report) {
        List<EngineRun.Seed> seeds = report.seeds();
        long first = seeds.get(0).seed();
        long last = seeds.get(seeds.size() - 1).seed();
        List<EngineRun.Seed> failed =
                seeds.stream().filter(seed -> !seed.failures().isEmpty()).toList();
        if (tck.graft().json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("engine", id);
            tree.put("first_seed", first);
            tree.put("last_seed", last);
            tree.put("calls", report.calls());
            tree.put("total_calls", report.total());
            tree.put("failed_seeds", failed.stream().map(EngineRun.Seed::seed).toList());
            tck.graft().print(tree);
            return;
        }
        Table table = Table.of("OPERATION", "CALLS");
        report.calls().forEach((name, count) -> table.row(name, String.valueOf(count)));
        tck.graft().print(table.lines(tck.graft().console().columns()));
        failed.forEach(seed -> seed.failures()
                .forEach(outcome ->
                        tck.graft().print(List.of("", "seed " + seed.seed() + ", " + outcome.explanation()))));
        tck.graft()
                .print(List.of(
                        "",
                        "engine " + id + ": seeds " + first + " to " + last + ", " + report.total() + " calls, "
                                + (failed.isEmpty()
                                        ? "no disagreement"
                                        : failed.size() + " seeds with a disagreement")));
    }
}
