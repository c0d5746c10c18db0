package dev.graft.standalone.command;

import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.tck.Rules;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.rule.Rule;
import dev.graft.tck.run.EngineRun;
import dev.graft.tck.run.JarExamination;
import dev.graft.tck.run.Reports;
import dev.graft.tck.run.Selection;
import dev.graft.tck.run.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code graft tck}: whether a plugin keeps the contract. */
@Command(
        name = "tck",
        description = "Hold a plugin's jar or an engine to the rules of the contract, or list the rules.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TckCommand.RunCommand.class, TckCommand.EngineCommand.class, TckCommand.RulesCommand.class})
final class TckCommand implements Callable<Integer> {
    private static final int LONGEST_MINUTES = 10_000;

    @ParentCommand
    private GraftCommand graft;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(graft.console().err());
        return GraftCommand.BAD_INPUT;
    }

    private ProgressLine progress() {
        return new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
    }

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
    static final class EngineCommand implements Callable<Integer> {
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
            try (Engine engine = Engines.start(tck.graft.plugins(), id)) {
                report = new EngineRun(engine, seed, time)
                        .run(done -> line.show(
                                (double) (System.nanoTime() - begin) / Math.max(1, time.toNanos()),
                                List.of("seed " + done.seed(), done.calls() + " calls")));
            }
            line.clear();
            tck.show(id, report);
            return report.passed() ? GraftCommand.DONE : GraftCommand.FAILED;
        }
    }

    private void show(String engine, EngineRun.Report report) {
        List<EngineRun.Seed> seeds = report.seeds();
        long first = seeds.get(0).seed();
        long last = seeds.get(seeds.size() - 1).seed();
        List<EngineRun.Seed> failed =
                seeds.stream().filter(seed -> !seed.failures().isEmpty()).toList();
        if (graft.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("engine", engine);
            tree.put("first_seed", first);
            tree.put("last_seed", last);
            tree.put("calls", report.calls());
            tree.put("total_calls", report.total());
            tree.put("failed_seeds", failed.stream().map(EngineRun.Seed::seed).toList());
            graft.print(tree);
            return;
        }
        Table table = Table.of("OPERATION", "CALLS");
        report.calls().forEach((name, count) -> table.row(name, String.valueOf(count)));
        graft.print(table.lines(graft.console().columns()));
        failed.forEach(seed -> seed.failures()
                .forEach(outcome -> graft.print(List.of("", "seed " + seed.seed() + ", " + outcome.explanation()))));
        graft.print(List.of(
                "",
                "engine " + engine + ": seeds " + first + " to " + last + ", " + report.total() + " calls, "
                        + (failed.isEmpty() ? "no disagreement" : failed.size() + " seeds with a disagreement")));
    }

    /** {@code graft tck rules}: the rules. */
    @Command(name = "rules", description = "List the rules.")
    static final class RulesCommand implements Callable<Integer> {
        @ParentCommand
        private TckCommand tck;

        @Override
        public Integer call() {
            GraftCommand graft = tck.graft;
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

    /** {@code graft tck run}: a jar against the rules. */
    @Command(
            name = "run",
            description = {
                "Load a plugin's jar in a class loader of its own and as an OSGi bundle, and try every rule that applies to"
                        + " what it offers, in both.",
                "",
                "Methods are tried on tiny models of random weights, with the configurations that the jar declares in"
                        + " META-INF/graft/tck/<method>.yaml, or without any keys. The exit code is 1 if a rule that"
                        + " binds is broken.",
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  graft tck run my-method-1.0.0.jar",
                "  graft tck run my-method-1.0.0.jar --rules 3.*,5.01 --seed 7",
                "  graft tck run my-method-1.0.0.jar --html report.html --certificate my-method-1.0.0.tck.json",
            })
    static final class RunCommand implements Callable<Integer> {
        @ParentCommand
        private TckCommand tck;

        @Parameters(index = "0", paramLabel = "JAR", description = "The plugin's jar.")
        private Path jar;

        @Option(
                names = "--rules",
                paramLabel = "RULES",
                defaultValue = "*",
                description = "Rules to try, such as 3.02 or 3.*, several with commas. Default: all.")
        private String rules;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "What all random numbers come from. Default: ${DEFAULT-VALUE}.")
        private long seed;

        @Option(
                names = "--engine",
                paramLabel = "ID",
                defaultValue = Defaults.ENGINE,
                description = "The engine to run on. Default: ${DEFAULT-VALUE}.")
        private String engine;

        @Option(
                names = "--declaration",
                paramLabel = "FILE",
                description = "Configurations to try and what the method cannot do, in place of the jar's own.")
        private Path declaration;

        @Option(names = "--junit", paramLabel = "FILE", description = "Write JUnit's XML.")
        private Path junit;

        @Option(names = "--html", paramLabel = "FILE", description = "Write a report as one HTML page.")
        private Path html;

        @Option(
                names = "--certificate",
                paramLabel = "FILE",
                description = "Write a certificate, if all rules were tried and none that binds is broken.")
        private Path certificate;

        @Override
        public Integer call() {
            Selection selection = new Selection(rules);
            JarExamination examination = new JarExamination(tck.graft.plugins(), engine, seed, selection, declared());
            ProgressLine line = tck.progress();
            Verdict verdict = examination.run(
                    jar,
                    (outcome, done, all) -> line.show(
                            (double) done / all,
                            List.of(
                                    done + " of " + all + " rules",
                                    outcome.rule().number(),
                                    outcome.subject())));
            line.clear();
            write(junit, Reports.junit(verdict));
            write(html, Reports.html(verdict));
            if (tck.graft.json()) {
                tck.graft.print(Reports.tree(verdict));
            } else {
                show(verdict);
            }
            if (certificate != null) {
                certify(verdict);
            }
            return verdict.passed() ? GraftCommand.DONE : GraftCommand.FAILED;
        }

        private Optional<MethodDeclaration> declared() {
            if (declaration == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(MethodDeclaration.parse(Files.readString(declaration), declaration.toString()));
            } catch (IOException e) {
                throw new ConfigurationException("cannot read the declaration " + declaration, e);
            }
        }

        private static void write(Path file, String text) {
            if (file != null) {
                AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
            }
        }

        private void certify(Verdict verdict) {
            if (verdict.passed() && verdict.complete()) {
                write(certificate, Reports.certificate(verdict));
            } else {
                tck.graft
                        .console()
                        .err()
                        .println("graft: no certificate was written, since "
                                + (verdict.complete() ? "a rule that binds is broken" : "not all rules were tried"));
            }
        }

        private void show(Verdict verdict) {
            Table table = Table.of("SUBJECT", "RULE", "LEVEL", "STATUS", "SENTENCE");
            for (Outcome outcome : verdict.outcomes()) {
                table.row(
                        outcome.subject(),
                        outcome.rule().number(),
                        outcome.rule().level().name(),
                        outcome.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        outcome.rule().sentence());
            }
            tck.graft.print(table.lines(tck.graft.console().columns()));
            verdict.outcomes().stream()
                    .filter(outcome -> outcome.status() == Outcome.Status.FAILED)
                    .forEach(outcome -> tck.graft.print(List.of("", outcome.subject() + ", " + outcome.explanation())));
            tck.graft.print(List.of(
                    "",
                    String.format(
                            "%d passed, %d failed, %d not applicable   seed %d   spi %s   sha256 %s",
                            verdict.count(Outcome.Status.PASSED),
                            verdict.count(Outcome.Status.FAILED),
                            verdict.count(Outcome.Status.NOT_APPLICABLE),
                            verdict.seed(),
                            verdict.spiVersion(),
                            verdict.checksum()),
                    verdict.jar() + (verdict.passed() ? " keeps the contract" : " breaks the contract")));
        }
    }
}
