package dev.graft.standalone.training;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.terminal.Console;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.Interrupt;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/** One run on a console: shows it, records it, and stops it at Ctrl-C. */
public final class TrainingSession {
    private final Console console;
    private final PluginRegistry plugins;
    private final boolean json;

    /**
     * A session.
     *
     * @param json whether events are printed as JSON instead of text
     */
    public TrainingSession(Console console, PluginRegistry plugins, boolean json) {
        this.console = console;
        this.plugins = plugins;
        this.json = json;
    }

    /**
     * Runs to the end, or to Ctrl-C.
     *
     * @param root the run's directory
     * @param start begins the run or goes on with it
     * @return whether the run came to its end
     */
    public boolean run(Recipe recipe, Path root, Function<Trainer, Flux<TrainingEvent>> start) {
        RunReport report = json ? new JsonReport(console) : new TextReport(console, recipe, root, System::nanoTime);
        AtomicBoolean stop = new AtomicBoolean();
        Runnable ask = () -> {
            stop.set(true);
            report.note("stopping after the step under way; Ctrl-C again ends at once, without a checkpoint");
        };
        try (RunFiles files = new RunFiles(root, recipe, report::note);
                Interrupt interrupt = Interrupt.first(ask)) {
            Trainer trainer = new Trainer(plugins, new DownloadProgress(console), stop::get);
            TrainingEvent last =
                    start.apply(trainer).doOnNext(files.andThen(report)).blockLast();
            return last instanceof TrainingEvent.Finished;
        } finally {
            report.end();
        }
    }

    /** What a run would begin with; nothing is trained or written. */
    public TrainingEvent.Started prepare(Recipe recipe) {
        return new Trainer(plugins, new DownloadProgress(console)).prepare(recipe);
    }

    /** The lines that tell what a run begins with. */
    public static List<String> beginning(Recipe recipe, TrainingEvent.Started started) {
        return TextReport.beginning(recipe, recipe.outputDirectory(), started);
    }
}
