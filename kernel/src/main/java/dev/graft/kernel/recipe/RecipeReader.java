package dev.graft.kernel.recipe;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.KeyPath;
import dev.graft.kernel.config.Source;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.kernel.config.YamlText;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads recipes. A recipe that was read is right as far as it can be told without loading the model: every key is
 * known, every plugin is there and takes its options, every file exists.
 */
public final class RecipeReader {
    private final Plugins plugins;
    private final Map<String, Object> defaults;
    private final Path workingDirectory;

    /**
     * A reader.
     *
     * @param plugins what recipes may name
     * @param defaults sections for recipes that leave them out, for instance which engine
     * @param workingDirectory where relative output goes
     */
    public RecipeReader(Plugins plugins, Map<String, Object> defaults, Path workingDirectory) {
        this.plugins = plugins;
        this.defaults = Map.copyOf(defaults);
        this.workingDirectory = workingDirectory.toAbsolutePath();
    }

    /**
     * Reads a file.
     *
     * @param overrides values that go before the file's, each {@code key.path=value} with a YAML value
     * @throws ConfigurationException if anything is wrong, naming file, line, key, what was found and what is allowed
     */
    public Recipe read(Path file, List<String> overrides) {
        Path directory = file.toAbsolutePath().getParent();
        return read(YamlDocument.read(file), directory, overrides);
    }

    /** Reads a text as if it stood in a file of that directory. */
    public Recipe read(String text, Path directory, List<String> overrides) {
        return read(YamlDocument.parse(text, "recipe"), directory.toAbsolutePath(), overrides);
    }

    /**
     * What the recipe of a finished run says about its base model. Data and plugins that only training needs may be gone.
     *
     * @throws ConfigurationException if one of these parts is wrong or the model is not there; if it learnt several tasks
     */
    public RecipeBase readBase(Path file) {
        YamlDocument document = YamlDocument.read(file);
        Map<String, Object> tree = RecipeShape.nest(RecipeShape.expand(document.tree()));
        Source source = document.source();
        if (tree.containsKey("tasks")) {
            throw wrong(
                    source,
                    "tasks",
                    "says that the run learnt several tasks, which have no objective in common; name its model and one folder of"
                            + " its adapter instead of the run");
        }
        ModelSection model = section(ModelSection.class, tree, "model", source);
        Path directory = file.toAbsolutePath().getParent();
        return new RecipeBase(
                new RecipePaths(directory, workingDirectory, source).model(model),
                section(PluginSection.class, tree, "objective", source),
                section(TrainingSection.class, tree, "training", source).seed());
    }

    private static <T extends Record> T section(Class<T> type, Map<String, Object> tree, String key, Source source) {
        if (!(tree.get(key) instanceof Map<?, ?> section)) {
            throw wrong(source, key, "is missing or no section");
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        section.forEach((name, value) -> keys.put((String) name, value));
        return ConfigurationBinder.bind(type, keys, key, source);
    }

    /** A recipe as YAML that reads back to an equal one from anywhere. */
    public static String write(Recipe recipe) {
        return YamlText.of(RecipeShape.flatten(ConfigurationBinder.toMap(recipe)));
    }

    private Recipe read(YamlDocument document, Path directory, List<String> arguments) {
        Overrides overrides = Overrides.parse(arguments);
        Map<String, Object> tree = new LinkedHashMap<>(document.tree());
        defaults.forEach(tree::putIfAbsent);
        tree = RecipeShape.expand(overrides.apply(RecipeShape.expand(tree)));
        boolean single = !(tree.get("method") instanceof List);
        Source source = single ? singleMethod(overrides.over(document.source())) : overrides.over(document.source());

        Recipe recipe = ConfigurationBinder.bind(Recipe.class, RecipeShape.nest(tree), "", source);
        new TaskChecks(recipe, source).run();
        checkPlugins(recipe, single, source);
        checkMethods(recipe, source);
        checkSomethingLearns(recipe, source);
        checkExclusive(recipe, source);
        return new RecipePaths(directory, workingDirectory, source).resolve(recipe, this::pathKeys);
    }

    /** A single method is written without a list, so its keys stand in the file without an index. */
    private static Source singleMethod(Source source) {
        return keyPath -> source.locate(keyPath.startsWith("method[0]") ? "method" + keyPath.substring(9) : keyPath);
    }

    private void checkPlugins(Recipe recipe, boolean single, Source source) {
        int index = 0;
        for (MethodSection method : recipe.methods()) {
            String path = single ? "method" : KeyPath.element("method", index);
            if (method.id() != null) {
                check(
                        PluginKind.METHOD,
                        method.id(),
                        method.adapter() == null ? method.options() : Map.of(),
                        path,
                        source);
            }
            index++;
        }
        check(PluginKind.QUANTIZER, recipe.quantizer(), source);
        check(PluginKind.OBJECTIVE, recipe.objective(), source);
        int number = 0;
        for (TaskSection task : recipe.tasks()) {
            String path = KeyPath.key(KeyPath.element("tasks", number++), PluginKind.OBJECTIVE.text());
            check(PluginKind.OBJECTIVE, task.objective().id(), task.objective().options(), path, source);
        }
        check(PluginKind.SCORER, recipe.scorer(), source);
        check(PluginKind.OPTIMIZER, recipe.optimizer(), source);
        check(PluginKind.ENGINE, recipe.engine(), source);
    }

    private void check(PluginKind kind, PluginSection section, Source source) {
        if (section != null) {
            check(kind, section.id(), section.options(), kind.text(), source);
        }
    }

    /** The keys of a plugin that hold paths. */
    private List<String> pathKeys(PluginKind kind, String id) {
        return ConfigurationBinder.pathKeys(plugins.plugin(kind, id).provider().configuration());
    }

    private void check(PluginKind kind, String id, Map<String, Object> options, String path, Source source) {
        Class<? extends Record> configuration;
        try {
            configuration = plugins.plugin(kind, id).provider().configuration();
        } catch (ConfigurationException unknown) {
            String key = KeyPath.key(path, "id");
            throw new ConfigurationException(source.place(key) + "key '" + key + "': " + unknown.getMessage(), unknown);
        }
        ConfigurationBinder.bind(configuration, options, path, source);
    }

    private static void checkMethods(Recipe recipe, Source source) {
        if (recipe.methods().isEmpty()) {
            throw wrong(source, "method", "is an empty list; at least one method is needed");
        }
        Set<String> names = new HashSet<>();
        int index = 0;
        for (MethodSection method : recipe.methods()) {
            String path = KeyPath.element("method", index++);
            if (method.id() == null && method.adapter() == null) {
                throw wrong(source, path, "has neither an id nor an adapter to go on from; one of them is needed");
            }
            if (method.adapter() != null && !method.options().isEmpty()) {
                String option = method.options().keySet().iterator().next();
                throw wrong(
                        source,
                        KeyPath.key(path, option),
                        "stands beside an adapter to go on from, which brings its own keys; only id, name,"
                                + " adapter, frozen and tasks are allowed there");
            }
            String name = method.attachmentName();
            if (recipe.methods().size() > 1 && name != null && !names.add(name)) {
                throw wrong(source, path, "has the name '" + name + "', as another has; give each its own name");
            }
        }
    }

    private static void checkSomethingLearns(Recipe recipe, Source source) {
        if (recipe.methods().stream().allMatch(MethodSection::frozen)) {
            throw wrong(source, "method", "is frozen throughout, so that nothing would learn");
        }
    }

    private static void checkExclusive(Recipe recipe, Source source) {
        TrainingSection training = recipe.training();
        if ((training.epochs() == null) == (training.steps() == null)) {
            throw wrong(
                    source,
                    "training",
                    training.steps() == null
                            ? "says neither epochs nor steps; exactly one of them is needed"
                            : "says both epochs and steps; exactly one of them is allowed");
        }
        if (training.epochs() != null && training.epochs() == 0) {
            throw wrong(source, "training.epochs", "is 0; expected a number above 0");
        }
        if (recipe.output().isBlank()) {
            throw wrong(source, "output", "is empty; expected a directory");
        }
    }

    static ConfigurationException wrong(Source source, String keyPath, String problem) {
        return new ConfigurationException(source.place(keyPath) + "key '" + keyPath + "' " + problem);
    }
}
