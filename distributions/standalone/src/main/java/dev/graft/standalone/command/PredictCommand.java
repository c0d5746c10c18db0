package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.evaluation.Answers;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft predict}: the label of every record of a file. */
@Command(
        name = "predict",
        description = {
            "Give every record of a file its label, with a model that has learnt some: by classification, by label words"
                    + " (hard-prompt, ppt-tuning), or by another objective that gives labels.",
            "",
            "What comes out are the records in their order, one a line as JSON with all their columns, and with"
                    + " predicted_label and probability. Records need no label; one that they have stays as it is and is"
                    + " not looked at. A text that is too long for the model is cut.",
            "",
            "Of a run, the recipe says the model, the objective and how records are read. Without a run, --model,"
                    + " --objective and --labels say it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft predict runs/mine --data new.jsonl                        print every record with its label",
            "  graft predict runs/mine --data new.csv --output labelled.jsonl  write them to a file instead",
            "  graft predict runs/mine --data new.jsonl --scores               the probability of every label, too",
            "  graft predict --model models/bert --adapter other/adapter --objective classification \\",
            "      --labels bad,good --data new.jsonl                          an adapter that comes without a run",
        })
final class PredictCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private SubjectOptions options;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the lines to this file, whole or not at all, instead of printing them.")
    private Path output;

    @Option(names = "--overwrite", description = "Replace the output file if there is one.")
    private boolean overwrite;

    @Option(names = "--scores", description = "Say the probability of every label, as scores.")
    private boolean scores;

    @Option(
            names = "--labels",
            paramLabel = "NAME",
            split = ",",
            description = "Class names in the order of their ids. Default: those of the run; without a run, numbers.")
    private List<String> labels;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        options.requireData();
        checkOutput();
        Subject subject = options.subject(plugins, null);
        Answers answers = answers(plugins, subject);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < answers.records().size(); i++) {
            lines.add(graft.line(answers.line(i, scores)));
        }
        if (output == null) {
            graft.print(lines);
            answers.notes().forEach(note -> graft.console().err().println("graft: " + note));
        } else {
            String content = String.join("\n", lines) + "\n";
            AtomicFile.write(output, content.getBytes(StandardCharsets.UTF_8));
            show(answers);
        }
        return GraftCommand.DONE;
    }

    private void checkOutput() {
        if (output == null) {
            return;
        }
        if (Files.isDirectory(output)) {
            throw new ConfigurationException("--output " + output + " is a directory; name a file");
        }
        if (Files.exists(output) && !overwrite) {
            throw new ConfigurationException(
                    "--output " + output + " exists; name another file, or give --overwrite to replace it");
        }
    }

    private Answers answers(PluginRegistry plugins, Subject subject) {
        ProgressLine line = new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
        try {
            return new Examination(plugins, new DownloadProgress(graft.console()))
                    .answers(
                            subject,
                            options.ofRun() || labels != null ? labels : List.of(),
                            (done, total) -> line.show(
                                    (double) done / total, List.of("predicting", done + "/" + total + " batches")));
        } finally {
            line.clear();
        }
    }

    private void show(Answers answers) {
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("output", output.toString());
            json.put("records", answers.records().size());
            json.put("labels", answers.counts());
            json.put("notes", answers.notes());
            graft.print(json);
            return;
        }
        graft.print(List.of("records    " + answers.records().size(), "output     " + output));
        answers.notes().forEach(note -> graft.print(List.of("note: " + note)));
        Table table = Table.withNumbers(1, "LABEL", "RECORDS");
        answers.counts().forEach((label, count) -> table.row(label, count.toString()));
        graft.print(List.of(""));
        graft.print(table.lines(graft.console().columns()));
    }
}
