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
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Runs recipes. A run begins when its flux is subscribed to, on the subscribing thread, and ends after the step under
 * way, with a checkpoint written, when the subscription is cancelled.
 */
public final class Trainer {
    private final PluginRegistry registry;
    private final DownloadListener downloads;

    /**
     * A trainer.
     *
     * @param downloads told of models that have to be downloaded
     */
    public Trainer(PluginRegistry registry, DownloadListener downloads) {
        this.registry = registry;
        this.downloads = downloads;
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
        try (Workshop workshop = new Workshop(registry, recipe, downloads)) {
            if (fresh) {
                directory.begin(recipe);
            }
            new TrainingRun(workshop, directory, sink::next, sink::isCancelled).run();
            sink.complete();
        } catch (RuntimeException e) {
            sink.error(e);
        }
    }
}
