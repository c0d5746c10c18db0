package dev.graft.kernel.train;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelJudges;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginFailure;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.MethodSection;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Files;
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
    private final LoadedModel model;
    private final List<AttachedAdapter> adapters;
    private final Objective objective;
    private final Optional<AttachedAdapter> learned;
    private final Optimizer optimizer;
    private final Actor actor;
    private DataSets data;

    Workshop(PluginRegistry registry, Recipe recipe, DownloadListener downloads) {
        this(registry, recipe, downloads, plugins -> plugins.engine(recipe.engine()));
    }

    /**
     * A workshop on an engine of its own.
     *
     * @param start starts the engine, which is closed with the workshop
     */
    Workshop(
            PluginRegistry registry,
            Recipe recipe,
            DownloadListener downloads,
            Function<PluginInstances, ? extends Engine> start) {
        this.recipe = recipe;
        if (recipe.quantizer() != null) {
            throw new ConfigurationException("quantizer '" + recipe.quantizer().id()
                    + "': this version trains on unquantised weights; leave the section out");
        }
        plugins = open(registry.lease("training run " + recipe.output()));
        try {
            PluginInstances instances = new PluginInstances(plugins);
            Path directory =
                    ModelDirectory.find(recipe.model().path(), recipe.model().revision(), downloads);
            tokenizer = open(ModelDirectory.tokenizer(plugins, directory));
            objective = instances.objective(recipe.objective());
            long seed = recipe.training().seed();
            List<String> labels = DataLoader.labels(recipe.data(), seed, objective);
            engine = open(start.apply(instances));
            ModelLoader.Options options = new ModelLoader.Options(
                    recipe.model().dtype(),
                    objective.task(),
                    DataLoader.outputs(objective, labels),
                    recipe.model().fromScratch(),
                    seed);
            model = open(new ModelLoader(plugins, new GraftTensors(engine)).load(directory, options));
            data = DataLoader.load(recipe.data(), seed, objective, tokenizer, model.description());
            adapters = attach();
            learned = own();
            actor = new RunActor(
                    model,
                    adapters,
                    tokenizer,
                    scorer(instances, directory),
                    recipe.data().batchSize());
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

    private List<AttachedAdapter> attach() {
        List<AttachedAdapter> all = new ArrayList<>();
        for (MethodSection section : recipe.methods()) {
            List<AttachedAdapter> attached = section.adapter() == null
                    ? List.of(fresh(section, all))
                    : new AdapterLoader(plugins, tokenizer).load(Path.of(section.adapter()), model, all);
            attached.forEach(adapter -> open(adapter::release));
            if (section.frozen()) {
                attached.forEach(AttachedAdapter::freeze);
            }
            all.addAll(attached);
        }
        AdapterStore.requireNames(names(all));
        return List.copyOf(all);
    }

    /** What the objective itself learns, with the values that lie beside the adapter the run goes on from. */
    private Optional<AttachedAdapter> own() {
        String name = recipe.objective().id();
        Path file = recipe.methods().stream()
                .filter(method -> method.adapter() != null && !method.frozen())
                .map(method -> Path.of(method.adapter()).resolve(objective.stateFile()))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        RandomStream random = RandomStream.seeded(recipe.training().seed()).fork(name);
        Map<String, Array> stored = file == null ? null : stored(file);
        try {
            AdapterBuilder.Setting setting =
                    new AdapterBuilder.Setting(name, random, DType.FLOAT32, tokenizer, stored, String.valueOf(file));
            AdapterBuilder.Origin origin = new AdapterBuilder.Origin(name, "", recipe.objective());
            Optional<AttachedAdapter> own = AdapterBuilder.attach(model, origin, objective::attach, setting);
            own.ifPresent(adapter -> open(adapter::release));
            return own;
        } finally {
            if (stored != null) {
                stored.values().forEach(Array::close);
            }
        }
    }

    private Map<String, Array> stored(Path file) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            tensors.contents().forEach((name, values) -> arrays.put(name, EngineArrays.copy(engine, values)));
            return arrays;
        } catch (RuntimeException e) {
            arrays.values().forEach(Array::close);
            throw e;
        }
    }

    private Scorer scorer(PluginInstances instances, Path directory) {
        if (recipe.scorer() == null) {
            return null;
        }
        return open(instances.scorer(recipe.scorer(), new ModelJudges(plugins, model, directory, tokenizer)));
    }

    private static List<String> names(List<AttachedAdapter> adapters) {
        return adapters.stream()
                .flatMap(adapter -> Stream.concat(Stream.of(adapter.name()), names(adapter.parts()).stream()))
                .toList();
    }

    private AttachedAdapter fresh(MethodSection section, List<AttachedAdapter> below) {
        Plugin plugin = plugins.plugin(PluginKind.METHOD, section.id());
        MethodProvider<?> provider = (MethodProvider<?>) plugin.provider();
        return PluginFailure.guard(plugin, () -> fresh(provider, section, below));
    }

    private <C extends Record> AttachedAdapter fresh(
            MethodProvider<C> provider, MethodSection section, List<AttachedAdapter> below) {
        C configuration = ConfigurationBinder.bind(provider.configuration(), section.options(), "method");
        String name = section.name() == null ? provider.id() : section.name();
        RandomStream random = RandomStream.seeded(recipe.training().seed()).fork(name);
        AdapterBuilder.Setting setting = new AdapterBuilder.Setting(name, random, DType.FLOAT32, tokenizer, null, "");
        return AdapterBuilder.attach(model, provider, configuration, setting.over(below, parts(section, below)));
    }

    private List<AttachedAdapter> parts(MethodSection section, List<AttachedAdapter> below) {
        List<AttachedAdapter> parts = new ArrayList<>();
        try {
            for (String directory : section.parts()) {
                parts.addAll(new AdapterLoader(plugins, tokenizer).load(Path.of(directory), model, below));
            }
            return parts;
        } catch (RuntimeException e) {
            parts.forEach(AttachedAdapter::release);
            throw e;
        }
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

    LoadedModel model() {
        return model;
    }

    List<AttachedAdapter> adapters() {
        return adapters;
    }

    /** Everything that has parameters: the adapters, and what the objective itself learns. */
    List<AttachedAdapter> learners() {
        return Stream.concat(adapters.stream(), learned.stream()).toList();
    }

    /** What has the model act. */
    Actor actor() {
        return actor;
    }

    Objective objective() {
        return objective;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    DataSets data() {
        return data;
    }

    /** What the objective draws of an example in every pass over the data. */
    Draw draw() {
        EncodeContext context =
                new EncodeContext(tokenizer, model.description(), recipe.data().maxLength(), data.labels());
        return Draw.of(objective, context);
    }

    /** The id to pad with. */
    int padToken() {
        return DataLoader.padToken(tokenizer, model.description());
    }

    /**
     * Adds to the examples what the objective computes ahead of training, if anything.
     *
     * @param file where it is kept
     */
    void lookAhead(Path file) {
        if (objective.looksAhead()) {
            data = new Lookahead(model, adapters, objective, recipe.data().batchSize(), padToken())
                    .complete(data, file);
        }
    }

    void save(Path directory) {
        Map<String, AttachedAdapter> beside =
                learned.map(own -> Map.of(objective.stateFile(), own)).orElse(Map.of());
        new AdapterLoader(plugins).save(directory, recipe.model().path(), model, adapters, beside);
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
