package dev.graft.standalone.training;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.ShowSection;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.terminal.ByteCount;
import dev.graft.standalone.terminal.Duration;
import dev.graft.standalone.terminal.PlainText;
import dev.graft.standalone.terminal.ShellWord;
import dev.graft.standalone.terminal.SideBySide;
import dev.graft.standalone.terminal.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last words on a run. */
final class Closing {
    /** What a person typed to start the program, told by the launcher. */
    private static final String PROGRAM = System.getProperty("graft.command", "graft");

    private Closing() {}

    /** On a run that was stopped: how to go on. */
    static List<String> stopped(TrainingEvent.Stopped stopped, Path root) {
        return List.of(
                "",
                "stopped after step " + stopped.step() + " of " + stopped.totalSteps() + "; to go on with it:",
                "  " + PROGRAM + " resume " + ShellWord.of(root));
    }

    /** On a run that ended: before and after, where the adapter is, and what to do with it. */
    static List<String> finished(
            Recipe recipe, Path root, TrainingEvent.Finished finished, RunOutcome outcome, int columns) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (finished.stoppedEarly()) {
            lines.add("ended early: evaluation no longer improved");
            lines.add("");
        }
        lines.addAll(evaluations(recipe, outcome, columns));
        lines.addAll(samples(outcome, columns));
        String memory = PeakMemory.bytes().stream()
                .mapToObj(bytes -> ", " + ByteCount.text(bytes) + " of memory at the peak")
                .findFirst()
                .orElse("");
        lines.add(finished.steps() + " steps in " + Duration.text(finished.seconds()) + memory);
        lines.add("adapter    " + finished.adapter());
        if (Files.exists(RunFiles.picture(root))) {
            lines.add("records    " + RunFiles.metrics(root) + ", "
                    + RunFiles.picture(root).getFileName());
        }
        lines.add("");
        lines.add("next:");
        lines.addAll(next(recipe, root));
        return lines;
    }

    /** Commands to try on a finished run. */
    static List<String> next(Recipe recipe, Path root) {
        String run = ShellWord.of(root);
        List<String> commands = new ArrayList<>(List.of("eval " + run));
        if (recipe.mixesTasks()) {
            commands.add("inspect " + ShellWord.of(root.resolve("adapter")));
            return said(commands);
        }
        ShowSection show = recipe.show();
        if (show != null && show.chat()) {
            commands.add("chat " + run);
        } else if (!recipe.objective().id().equals("classification")) {
            String prompt = show == null
                    ? ""
                    : " --prompt " + ShellWord.of(show.prompts().get(0));
            commands.add("generate " + run + prompt);
        }
        commands.add("merge " + run + " --output " + ShellWord.of(root.resolve("merged")));
        return said(commands);
    }

    private static List<String> said(List<String> commands) {
        return commands.stream().map(command -> "  " + PROGRAM + " " + command).toList();
    }

    private static List<String> evaluations(Recipe recipe, RunOutcome outcome, int columns) {
        boolean keepsBest = recipe.training().keepBest();
        Optional<TrainingEvent.Evaluated> after = keepsBest ? outcome.best() : outcome.last();
        if (after.isEmpty()) {
            return List.of();
        }
        Optional<TrainingEvent.Evaluated> before = outcome.before();
        Table table = Table.withNumbers(2, "EVALUATION", "BEFORE", "AFTER");
        after.get().figures().forEach((name, figure) -> {
            Double earlier = before.map(one -> one.figures().get(name)).orElse(null);
            table.row(name, earlier == null ? "-" : Figures.text(earlier), Figures.text(figure));
        });
        List<String> lines = new ArrayList<>(table.lines(columns));
        if (keepsBest) {
            lines.add("the adapter has the parameters of step " + after.get().step() + ", the best");
        }
        lines.add("");
        return lines;
    }

    private static List<String> samples(RunOutcome outcome, int columns) {
        List<String> lines = new ArrayList<>();
        Map<String, String> before = outcome.answersBefore();
        outcome.answersAfter().forEach((prompt, answer) -> {
            lines.add("\u203a " + PlainText.of(prompt).strip());
            lines.addAll(SideBySide.lines("BEFORE", "AFTER", columns));
            lines.addAll(SideBySide.lines(before.getOrDefault(prompt, "-"), answer, columns));
            lines.add("");
        });
        return lines;
    }
}
