package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.RunEvaluation;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.standalone.training.Figures;
import java.nio.file.Path;
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
            "Of a run, the recipe says the model, the objective and the data; one that learnt several tasks is evaluated on"
                    + " each. Without a run, --model, --objective and --data say them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft eval runs/mine                          the run's adapter on the run's evaluation data",
            "  graft eval runs/mine --base                   the same without the adapter",
            "  graft eval runs/mine --data test.jsonl        on other data",
            "  graft eval runs/both --task one               one of several tasks that the run learnt",
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
        DownloadProgress downloads = new DownloadProgress(graft.console());
        ProgressLine line = new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
        try {
            show(options.mixesTasks(plugins) ? ofTasks(plugins, downloads, line) : ofOne(plugins, downloads, line));
        } finally {
            line.clear();
        }
        return GraftCommand.DONE;
    }

    /** What is shown of an evaluation. */
    private record Shown(String model, Path adapter, Map<String, Double> figures, int examples, List<String> notes) {}

    private Shown ofOne(PluginRegistry plugins, DownloadProgress downloads, ProgressLine line) {
        Subject subject = options.subject(plugins, overlong);
        Examination.Result result =
                new Examination(plugins, downloads).figures(subject, (done, total) -> progress(line, done, total));
        return new Shown(
                subject.model().path(), subject.adapter(), result.figures(), result.examples(), result.notes());
    }

    private Shown ofTasks(PluginRegistry plugins, DownloadProgress downloads, ProgressLine line) {
        Recipe recipe = options.mixture(plugins, overlong);
        Path adapter = options.trained();
        RunEvaluation.Result result = new RunEvaluation(plugins, downloads)
                .figures(recipe, adapter, (done, total) -> progress(line, done, total));
        return new Shown(recipe.model().path(), adapter, result.figures(), result.examples(), result.notes());
    }

    private static void progress(ProgressLine line, int done, int total) {
        line.show((double) done / total, List.of("evaluating", done + "/" + total + " batches"));
    }

    private void show(Shown shown) {
        String adapter = shown.adapter() == null ? null : shown.adapter().toString();
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model", shown.model());
            json.put("adapter", adapter);
            json.put("examples", shown.examples());
            json.put("figures", shown.figures());
            json.put("notes", shown.notes());
            graft.print(json);
            return;
        }
        graft.print(List.of(
                "model      " + shown.model(),
                "adapter    " + (adapter == null ? "none" : adapter),
                "examples   " + shown.examples()));
        shown.notes().forEach(note -> graft.print(List.of("note: " + note)));
        Table table = Table.withNumbers(1, "FIGURE", "VALUE");
        shown.figures().forEach((name, figure) -> table.row(name, Figures.text(figure)));
        graft.print(List.of(""));
        graft.print(table.lines(graft.console().columns()));
    }
}
