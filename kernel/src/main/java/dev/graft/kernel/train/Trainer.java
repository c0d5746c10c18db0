package dev.graft.kernel.train;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Runs recipes. A run begins when its flux is subscribed to, on the subscribing thread, and ends after the step under
 * way, with a checkpoint written, when the subscription is cancelled.
 */
public final class Trainer {
    private final PluginRegistry registry;
    private final DownloadListener downloads;
    private final BooleanSupplier stop;

    /**
     * A trainer whose runs end early only when their subscription is cancelled.
     *
     * @param downloads told of models that have to be downloaded
     */
    public Trainer(PluginRegistry registry, DownloadListener downloads) {
        this(registry, downloads, () -> false);
    }

    /**
     * A trainer whose runs can be asked to stop and then still tell how that went.
     *
     * @param downloads told of models that have to be downloaded
     * @param stop asked after every step; once it is true the run writes a checkpoint, tells {@link
     *     TrainingEvent.Stopped} and completes
     */
    public Trainer(PluginRegistry registry, DownloadListener downloads, BooleanSupplier stop) {
        this.registry = registry;
        this.downloads = downloads;
        this.stop = stop;
    }

    /**
     * Opens everything a recipe names, as a run would, and closes it again. Nothing is trained or written.
     *
     * @return what a run would begin with
     * @throws ConfigurationException if a run could not begin
     */
    public TrainingEvent.Started prepare(Recipe recipe) {
        RunDirectory directory = new RunDirectory(recipe.outputDirectory());
        directory.check(recipe);
        try (Workshop workshop = new Workshop(registry, recipe, downloads)) {
            return new TrainingRun(workshop, directory, event -> {}, stop).started(RunState.start(), List.of());
        }
    }

    /**
     * A new run.
     *
     * @return its events; bad input ends the flux with a {@link ConfigurationException}
     */
    public Flux<TrainingEvent> train(Recipe recipe) {
        return Flux.create(
                sink -> {
                    RunDirectory directory = new RunDirectory(recipe.outputDirectory());
                    run(recipe, directory, true, sink);
                },
                FluxSink.OverflowStrategy.BUFFER);
    }

    /**
     * Goes on with a run that was stopped, from its latest checkpoint, or from the beginning if it had written none.
     *
     * @param root the run's directory
     */
    public Flux<TrainingEvent> resume(Path root) {
        return Flux.create(
                sink -> {
                    RunDirectory directory = new RunDirectory(root);
                    if (!Files.exists(directory.recipe())) {
                        sink.error(new ConfigurationException(
                                root + " holds no run to go on with: there is no recipe.yaml in it"));
                        return;
                    }
                    try {
                        Recipe recipe = new RecipeReader(
                                        registry, Map.of(), Path.of("").toAbsolutePath())
                                .read(directory.recipe(), List.of());
                        run(recipe, directory, false, sink);
                    } catch (RuntimeException e) {
                        sink.error(e);
                    }
                },
                FluxSink.OverflowStrategy.BUFFER);
    }

    private void run(Recipe recipe, RunDirectory directory, boolean fresh, FluxSink<TrainingEvent> sink) {
        try {
            if (fresh) {
                directory.check(recipe);
            }
            try (Workshop workshop = new Workshop(registry, recipe, downloads)) {
                if (fresh) {
                    directory.begin(recipe);
                }
                workshop.lookAhead(directory);
                BooleanSupplier asked = () -> sink.isCancelled() || stop.getAsBoolean();
                new TrainingRun(workshop, directory, sink::next, asked).run();
            }
            sink.complete();
        } catch (RuntimeException e) {
            sink.error(e);
        }
    }
}
