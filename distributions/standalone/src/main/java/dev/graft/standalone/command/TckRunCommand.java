package dev.graft.standalone.command;

import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.run.JarExamination;
import dev.graft.tck.run.Reports;
import dev.graft.tck.run.Selection;
import dev.graft.tck.run.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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
final class TckRunCommand implements Callable<Integer> {
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
        JarExamination examination = new JarExamination(tck.graft().plugins(), engine, seed, selection, declared());
        ProgressLine line = tck.progress();
        Verdict verdict = examination.run(
                jar,
                (outcome, done, all) -> line.show(
                        (double) done / all,
                        List.of(done + " of " + all + " rules", outcome.rule().number(), outcome.subject())));
        line.clear();
        write(junit, Reports.junit(verdict));
        write(html, Reports.html(verdict));
        if (tck.graft().json()) {
            tck.graft().print(Reports.tree(verdict));
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
            tck.graft()
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
        tck.graft().print(table.lines(tck.graft().console().columns()));
        verdict.outcomes().stream()
                .filter(outcome -> outcome.status() == Outcome.Status.FAILED)
                .forEach(outcome -> tck.graft().print(List.of("", outcome.subject() + ", " + outcome.explanation())));
        tck.graft()
                .print(List.of(
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
