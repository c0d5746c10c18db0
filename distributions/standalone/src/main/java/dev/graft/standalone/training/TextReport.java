package dev.graft.standalone.training;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.inspect.AdapterInspector;
import dev.graft.standalone.terminal.Console;
import dev.graft.standalone.terminal.ProgressLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows a run to a person: what it begins with, how it goes, what has become of it. */
final class TextReport implements RunReport {
    private static final int LINES = 20;
    private static final long LONGEST_SILENCE_NANOS = 60_000_000_000L;

    private final Console console;
    private final Recipe recipe;
    private final Path root;
    private final LongSupplier clock;
    private final ProgressLine line;
    private final RunOutcome outcome;
    private final Pace pace = new Pace();
    private long spokenStep;
    private long toldStep;
    private long spokenAt;

    /**
     * A report on a console.
     *
     * @param root the run's directory
     * @param clock the time in nanoseconds
     */
    TextReport(Console console, Recipe recipe, Path root, LongSupplier clock) {
        this.console = console;
        this.recipe = recipe;
        this.root = root;
        this.clock = clock;
        this.line = new ProgressLine(console, console.out(), clock);
        this.outcome = new RunOutcome(root);
        this.spokenAt = clock.getAsLong();
    }

    @Override
    public void accept(TrainingEvent event) {
        outcome.accept(event);
        if (event instanceof TrainingEvent.Started started) {
            print(beginning(recipe, root, started));
        } else if (event instanceof TrainingEvent.Stepped stepped) {
            step(stepped);
        } else if (event instanceof TrainingEvent.RolledOut rollout) {
            rollOut(rollout);
        } else if (event instanceof TrainingEvent.Evaluating evaluating) {
            line.show(
                    (double) evaluating.done() / evaluating.total(),
                    List.of("evaluating", evaluating.done() + "/" + evaluating.total() + " batches"));
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            String when = evaluated.step() == 0 ? "before training" : "after step " + evaluated.step();
            print(List.of(when + ": " + Figures.text(evaluated.figures())
                    + (evaluated.best() && evaluated.step() > 0 ? " (best so far)" : "")));
        } else if (event instanceof TrainingEvent.Stopped stopped) {
            print(Closing.stopped(stopped, root));
        } else if (event instanceof TrainingEvent.Finished finished) {
            print(Closing.finished(recipe, root, finished, outcome, console.columns()));
        }
    }

    @Override
    public void note(String sentence) {
        line.clear();
        console.err().println("graft: " + sentence);
        console.err().flush();
    }

    @Override
    public void end() {
        line.clear();
        console.out().flush();
    }

    /** What a run begins with, in lines. */
    static List<String> beginning(Recipe recipe, Path root, TrainingEvent.Started started) {
        List<String> lines = new ArrayList<>();
        lines.add(fact("model", recipe.model().path()));
        recipe.methods().forEach(method -> lines.add(fact("method", RecipeText.method(method))));
        if (recipe.mixesTasks()) {
            recipe.tasks().forEach(task -> lines.add(fact("task", RecipeText.task(task))));
        } else {
            lines.add(fact("objective", recipe.objective().id()));
        }
        lines.add(fact(
                "data",
                String.format(
                        Locale.ROOT,
                        "%,d examples to train on, %,d to evaluate on",
                        started.trainExamples(),
                        started.evalExamples())));
        String resumed = started.firstStep() == 0 ? "" : ", going on after step " + started.firstStep();
        lines.add(fact("steps", String.format(Locale.ROOT, "%,d%s", started.totalSteps(), resumed)));
        lines.add(fact("engine", started.engine()));
        lines.add(fact("output", root.toString()));
        lines.add(AdapterInspector.trainableLine(started.trainableParameters(), started.allParameters()));
        started.notes().forEach(note -> lines.add("note: " + note));
        lines.add("");
        return lines;
    }

    private static String fact(String name, String value) {
        return String.format("%-10s %s", name, value);
    }

    private void step(TrainingEvent.Stepped stepped) {
        pace.add(stepped);
        if (console.interactive()) {
            line.show(pace.fraction(), pace.parts());
            return;
        }
        long now = clock.getAsLong();
        boolean due = stepped.step() - spokenStep >= Math.max(1, stepped.totalSteps() / LINES)
                || now - spokenAt >= LONGEST_SILENCE_NANOS
                || stepped.step() == stepped.totalSteps();
        if (due) {
            spokenStep = stepped.step();
            spokenAt = now;
            String percent = String.format(Locale.ROOT, "%3.0f%%  ", Math.floor(100 * pace.fraction()));
            print(List.of(percent + String.join("  ", pace.parts())));
        }
    }

    private void rollOut(TrainingEvent.RolledOut rollout) {
        pace.add(rollout);
        if (rollout.step() == 0 || rollout.step() - toldStep >= Math.max(1, pace.totalSteps() / LINES)) {
            toldStep = rollout.step();
            print(List.of("rollout after step " + rollout.step() + ": " + Figures.text(rollout.figures())));
        } else if (console.interactive()) {
            line.show(
                    (double) rollout.step() / pace.totalSteps(), List.of("answered", Figures.text(rollout.figures())));
        }
    }

    private void print(List<String> lines) {
        line.clear();
        lines.forEach(console.out()::println);
        console.out().flush();
    }
}
