package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.standalone.training.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft eval}: how well a model does on data. */
@Command(
        name = "eval",
        description = {
            "Evaluate a model, with an adapter or without: loss and what else the objective has figures for, such as"
                    + " perplexity, accuracy and F1.",
            "",
            "Of a run, the recipe says the model, the objective and the data. Without a run, --model, --objective and"
                    + " --data say them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft eval runs/mine                          the run's adapter on the run's evaluation data",
            "  graft eval runs/mine --base                   the same without the adapter",
            "  graft eval runs/mine --data test.jsonl        on other data",
            "  graft eval --model models/llama --adapter runs/mine/adapter --objective causal-lm --data test.jsonl",
        })
final class EvalCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private SubjectOptions options;

    @Option(
            names = "--overlong",
            paramLabel = "WHAT",
            description = "What becomes of a longer sequence: truncate, split, drop or error.")
    private String overlong;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        Subject subject = options.subject(plugins, overlong);
        ProgressLine line = new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
        Examination.Result result;
        try {
            result = new Examination(plugins, new DownloadProgress(graft.console()))
                    .figures(
                            subject,
                            (done, total) -> line.show(
                                    (double) done / total, List.of("evaluating", done + "/" + total + " batches")));
        } finally {
            line.clear();
        }
        show(subject, result);
        return GraftCommand.DONE;
    }

    private void show(Subject subject, Examination.Result result) {
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model", subject.model().path());
            json.put(
                    "adapter",
                    subject.adapter() == null ? null : subject.adapter().toString());
            json.put("examples", result.examples());
            json.put("figures", result.figures());
            json.put("notes", result.notes());
            graft.print(json);
            return;
        }
        graft.print(List.of(
                "model      " + subject.model().path(),
                "adapter    "
                        + (subject.adapter() == null
                                ? "none"
                                : subject.adapter().toString()),
                "examples   " + result.examples()));
        result.notes().forEach(note -> graft.print(List.of("note: " + note)));
        Table table = Table.withNumbers(1, "FIGURE", "VALUE");
        result.figures().forEach((name, figure) -> table.row(name, Figures.text(figure)));
        graft.print(List.of(""));
        graft.print(table.lines(graft.console().columns()));
    }
}
