package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.engine.Engine;
import dev.graft.standalone.terminal.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft verify}: whether a checkpoint or adapter computes what a reference computed. */
@Command(
        name = "verify",
        description = {
            "Run checkpoints, adapters and tokenizers against reference outputs and say which agree.",
            "",
            "A case is a directory with expected.safetensors or expected.json in it, beside the checkpoint, adapter or"
                    + " tokenizer it belongs to; every case at or below DIR is run. The exit code is 1 if any fails."
                    + " A case that needs a plugin that is not installed is unsupported, which is no failure.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft verify fixtures/models/llama     one case",
            "  graft verify fixtures                  a whole tree",
            "  graft verify fixtures --json           one JSON object for each case",
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", paramLabel = "DIR", description = "A case, or a tree with cases in it.")
    private Path directory;

    @Option(
            names = "--engine",
            paramLabel = "ID",
            defaultValue = Defaults.ENGINE,
            description = "The engine to run on. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        int nameWidth = nameWidth(FixtureVerifier.cases(directory));
        List<CaseReport> reports = new ArrayList<>();
        boolean passed;
        try (Engine started = Engines.start(plugins, engine)) {
            if (!graft.json()) {
                row(nameWidth, "CASE", "LOGITS", "LOSSES", "STATUS");
            }
            passed = new FixtureVerifier(plugins, started).verify(directory, report -> {
                reports.add(report);
                show(report, nameWidth);
            });
        }
        if (!graft.json()) {
            summary(reports);
        }
        return passed ? GraftCommand.DONE : GraftCommand.FAILED;
    }

    private void show(CaseReport report, int nameWidth) {
        if (graft.json()) {
            graft.print(json(report));
            return;
        }
        String status = report.status() == CaseReport.Status.FAIL ? "FAIL" : text(report);
        String reason = report.reason().isEmpty() ? "" : ": " + report.reason();
        row(nameWidth, report.name(), error(report.maxAbsError()), error(report.maxRelLossError()), status + reason);
    }

    /** Rows are printed as cases end, since a tree may take minutes. */
    private void row(int nameWidth, String name, String logits, String losses, String status) {
        Console console = graft.console();
        console.out()
                .println(String.format("%-" + nameWidth + "s  %9s  %9s  %s", name, logits, losses, status)
                        .stripTrailing());
        console.out().flush();
    }

    private void summary(List<CaseReport> reports) {
        graft.console().out().println();
        graft.console()
                .out()
                .println(String.format(
                        "%d passed, %d failed, %d unsupported   (LOGITS: largest absolute error, LOSSES: largest"
                                + " relative error)",
                        count(reports, CaseReport.Status.PASS),
                        count(reports, CaseReport.Status.FAIL),
                        count(reports, CaseReport.Status.UNSUPPORTED)));
    }

    private static long count(List<CaseReport> reports, CaseReport.Status status) {
        return reports.stream().filter(report -> report.status() == status).count();
    }

    private int nameWidth(List<Path> cases) {
        Path root = directory.toAbsolutePath().normalize();
        return cases.stream()
                .map(found ->
                        root.relativize(found.toAbsolutePath().normalize()).toString())
                .mapToInt(String::length)
                .reduce(root.getFileName().toString().length(), Math::max);
    }

    private static String error(Double error) {
        return error == null ? "-" : String.format(Locale.ROOT, "%.2e", error);
    }

    private static String text(CaseReport report) {
        return report.status().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> json(CaseReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", report.name());
        json.put("status", text(report));
        json.put("max_abs_error", report.maxAbsError());
        json.put("max_rel_loss_error", report.maxRelLossError());
        json.put("reason", report.reason());
        return json;
    }
}
