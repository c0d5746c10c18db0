package dev.graft.kernel.train;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelJudges;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.model.PlacedAdapter;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything a recipe asks for, opened and ready; frees it on close. */
final class Workshop implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final PluginLease plugins;
    private final Recipe recipe;
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final TaskModels models;
    private final List<PlacedAdapter> placed;
    private final TaskWeights weights;
    private final Optimizer optimizer;
    private List<RunTask> tasks;

    Workshop(PluginRegistry registry, Recipe recipe, DownloadListener downloads) {
        this(
                registry.lease("training run " + recipe.output()),
                recipe,
                downloads,
                plugins -> plugins.engine(recipe.engine()),
                RunAttachments::attach);
    }

    /**
     * A workshop on an engine of its own.
     *
     * @param lease of the plugins, ended with the workshop
     * @param start starts the engine, which is closed with the workshop
     * @param attach attaches what the run works with
     */
    Workshop(
            PluginLease lease,
            Recipe recipe,
            DownloadListener downloads,
            Function<PluginInstances, ? extends Engine> start,
            Function<RunAttachments, List<PlacedAdapter>> attach) {
        this.recipe = recipe;
        plugins = open(lease);
        try {
            if (recipe.quantizer() != null) {
                throw new ConfigurationException(
                        "quantizer '" + recipe.quantizer().id()
                                + "': this version trains on unquantised weights; leave the section out");
            }
            PluginInstances instances = new PluginInstances(plugins);
            Path directory =
                    ModelDirectory.find(recipe.model().path(), recipe.model().revision(), downloads);
            tokenizer = open(ModelDirectory.tokenizer(plugins, directory));
            List<Objective> objectives = recipe.allTasks().stream()
                    .map(task -> objective(instances, task))
                    .toList();
            long seed = recipe.training().seed();
            List<TaskModels.Head> heads = new ArrayList<>();
            for (TaskSection task : recipe.allTasks()) {
                Objective objective = objectives.get(heads.size());
                List<String> labels = DataLoader.labels(task.data(), seed, objective);
                heads.add(new TaskModels.Head(task.name(), objective.task(), DataLoader.outputs(objective, labels)));
            }
            engine = open(start.apply(instances));
            models = open(new TaskModels(
                    new ModelLoader(plugins, new GraftTensors(engine)), directory, recipe.model(), seed, heads));
            List<DataSets> data = new ArrayList<>();
            for (TaskSection task : recipe.allTasks()) {
                data.add(DataLoader.load(
                        task.data(),
                        seed,
                        objectives.get(data.size()),
                        tokenizer,
                        models.of(task.name()).description()));
            }
            placed = attach.apply(
                    new RunAttachments(plugins, recipe, tokenizer, models, adapter -> open(adapter::release)));
            weights = TaskWeights.of(recipe, models.base());
            weights.learnt().ifPresent(adapter -> open(adapter::release));
            List<RunTask> all = new ArrayList<>();
            for (TaskSection task : recipe.allTasks()) {
                int number = all.size();
                all.add(task(instances, directory, task, objectives.get(number), data.get(number)));
            }
            tasks = List.copyOf(all);
            optimizer = open(instances.optimizer(recipe.optimizer()));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(part);
        return part;
    }

    private Objective objective(PluginInstances instances, TaskSection task) {
        Objective objective = instances.objective(task.objective());
        if (recipe.mixesTasks() && objective.rollouts().isPresent()) {
            throw new ConfigurationException("task '" + task.name() + "': objective '"
                    + task.objective().id()
                    + "' learns from what the model itself answers, which it can only do in a run of its own");
        }
        return objective;
    }

    private RunTask task(
            PluginInstances instances, Path directory, TaskSection task, Objective objective, DataSets data) {
        LoadedModel model = models.of(task.name());
        List<AttachedAdapter> adapters = placed.stream()
                .filter(one -> one.serves(task.name()))
                .map(PlacedAdapter::adapter)
                .toList();
        Optional<AttachedAdapter> own = OwnParameters.attach(recipe, task, objective, model, tokenizer);
        own.ifPresent(adapter -> open(adapter::release));
        Scorer scorer = recipe.scorer() == null
                ? null
                : open(instances.scorer(recipe.scorer(), new ModelJudges(plugins, model, directory, tokenizer)));
        RunActor actor =
                new RunActor(model, adapters, tokenizer, scorer, task.data().batchSize());
        return new RunTask(task, objective, model, tokenizer, data, adapters, own, actor);
    }

    Recipe recipe() {
        return recipe;
    }

    Engine engine() {
        return engine;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The base; it owns the weights of all tasks' models. */
    LoadedModel model() {
        return models.base();
    }

    /** What is learnt, at least one. */
    List<RunTask> tasks() {
        return tasks;
    }

    /** What a person should know about the data. */
    List<String> notes() {
        return tasks.stream()
                .flatMap(task -> task.data().notes().stream().map(note -> task.called(note, ": ")))
                .toList();
    }

    /** All that the methods of the recipe attach. */
    List<AttachedAdapter> adapters() {
        return placed.stream().map(PlacedAdapter::adapter).toList();
    }

    /** Everything that has parameters: the adapters, what the objectives themselves learn, and the weights of tasks. */
    List<AttachedAdapter> learners() {
        Stream<AttachedAdapter> own = tasks.stream().flatMap(task -> task.own().stream());
        return Stream.of(adapters().stream(), own, weights.learnt().stream())
                .flatMap(learners -> learners)
                .toList();
    }

    /** What the losses of tasks count. */
    TaskWeights weights() {
        return weights;
    }

    /** How the batches of a task are learnt from. */
    Learning learning(RunTask task) {
        List<AttachedAdapter> acting =
                Stream.concat(task.adapters().stream(), task.own().stream()).toList();
        return new Learning(
                task.name(),
                task.model(),
                acting,
                task.objective(),
                task.section().weight(),
                loss -> weights.weigh(task.section(), loss));
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /**
     * Adds to the examples what an objective computes ahead of training, if anything.
     *
     * @param directory where it is kept
     */
    void lookAhead(RunDirectory directory) {
        tasks = tasks.stream().map(task -> lookAhead(task, directory)).toList();
    }

    private static RunTask lookAhead(RunTask task, RunDirectory directory) {
        if (!task.objective().looksAhead()) {
            return task;
        }
        Lookahead lookahead = new Lookahead(
                task.model(),
                task.adapters(),
                task.objective(),
                task.section().data().batchSize(),
                task.padToken());
        return task.with(lookahead.complete(task.data(), directory.ahead(task.name())));
    }

    void save(Path directory) {
        Map<String, AttachedAdapter> beside = new LinkedHashMap<>();
        tasks.forEach(task ->
                task.own().ifPresent(own -> beside.put(OwnParameters.file(task.section(), task.objective()), own)));
        new AdapterLoader(plugins).save(directory, recipe.model().path(), placed, beside);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                RuntimeException thrown =
                        e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
        }
        opened.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
