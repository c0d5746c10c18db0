package dev.graft.kernel.recipe;

import dev.graft.kernel.config.KeyPath;
import dev.graft.kernel.config.Source;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Makes a recipe's paths absolute. What is read (model, data, adapters) is looked up beside the recipe first and then
 * in the working directory; what is written (output) is relative to the working directory. {@code ~/} is the home
 * directory.
 */
final class RecipePaths {
    private static final Pattern HUB_ID = Pattern.compile("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)?");

    private final Path recipeDirectory;
    private final Path workingDirectory;
    private final Source source;

    RecipePaths(Path recipeDirectory, Path workingDirectory, Source source) {
        this.recipeDirectory = recipeDirectory;
        this.workingDirectory = workingDirectory;
        this.source = source;
    }

    /**
     * The recipe with absolute paths.
     *
     * @param pathKeys the keys of a plugin that hold paths
     */
    Recipe resolve(Recipe recipe, BiFunction<PluginKind, String, List<String>> pathKeys) {
        List<MethodSection> methods = new ArrayList<>();
        for (MethodSection method : recipe.methods()) {
            String keyPath = KeyPath.key(KeyPath.element("method", methods.size()), "adapter");
            String partsPath = KeyPath.key(KeyPath.element("method", methods.size()), "parts");
            List<String> parts = new ArrayList<>();
            method.parts().forEach(part -> parts.add(existing(part, KeyPath.element(partsPath, parts.size()))));
            methods.add(new MethodSection(
                    method.id(),
                    method.name(),
                    method.adapter() == null ? null : existing(method.adapter(), keyPath),
                    method.frozen(),
                    parts,
                    method.tasks(),
                    method.id() == null
                            ? method.options()
                            : options(
                                    method.options(),
                                    pathKeys.apply(PluginKind.METHOD, method.id()),
                                    KeyPath.element("method", methods.size()))));
        }
        return new Recipe(
                model(recipe.model()),
                methods,
                plugin(recipe.quantizer(), PluginKind.QUANTIZER, "", pathKeys),
                plugin(recipe.objective(), PluginKind.OBJECTIVE, "", pathKeys),
                plugin(recipe.scorer(), PluginKind.SCORER, "", pathKeys),
                plugin(recipe.optimizer(), PluginKind.OPTIMIZER, "", pathKeys),
                recipe.schedule(),
                recipe.data() == null ? null : data(recipe.data(), "data"),
                tasks(recipe.tasks(), pathKeys),
                recipe.mixing(),
                recipe.training(),
                recipe.engine(),
                workingDirectory.resolve(home(recipe.output())).normalize().toString(),
                recipe.overwrite(),
                recipe.show());
    }

    private List<TaskSection> tasks(List<TaskSection> tasks, BiFunction<PluginKind, String, List<String>> pathKeys) {
        List<TaskSection> resolved = new ArrayList<>();
        for (TaskSection task : tasks) {
            String path = KeyPath.element("tasks", resolved.size());
            resolved.add(new TaskSection(
                    task.name(),
                    plugin(task.objective(), PluginKind.OBJECTIVE, path, pathKeys),
                    data(task.data(), KeyPath.key(path, "data")),
                    task.weight(),
                    task.show()));
        }
        return resolved;
    }

    private PluginSection plugin(
            PluginSection section, PluginKind kind, String in, BiFunction<PluginKind, String, List<String>> pathKeys) {
        return section == null
                ? null
                : new PluginSection(
                        section.id(),
                        options(section.options(), pathKeys.apply(kind, section.id()), KeyPath.key(in, kind.text())));
    }

    private Map<String, Object> options(Map<String, Object> options, List<String> pathKeys, String section) {
        Map<String, Object> resolved = new LinkedHashMap<>(options);
        for (String key : pathKeys) {
            resolved.computeIfPresent(key, (name, path) -> existing((String) path, KeyPath.key(section, key)));
        }
        return resolved;
    }

    /** The model's section with an absolute path. */
    ModelSection model(ModelSection model) {
        Path found = find(model.path());
        if (found == null && !HUB_ID.matcher(model.path()).matches()) {
            throw missing(model.path(), "model.path");
        }
        String path = found == null ? model.path() : found.toString();
        return new ModelSection(path, model.revision(), model.fromScratch(), model.dtype());
    }

    private DataSection data(DataSection data, String path) {
        return new DataSection(
                files(data.train(), KeyPath.key(path, "train")),
                data.eval() == null ? null : files(data.eval(), KeyPath.key(path, "eval")),
                data.evalFraction(),
                data.evalFrom(),
                data.format(),
                data.columns(),
                data.template(),
                data.system(),
                data.labels(),
                data.limit(),
                data.evalLimit(),
                data.maxLength(),
                data.overlong(),
                data.packing(),
                data.batchSize(),
                data.evalBatchSize(),
                data.gradientAccumulation(),
                data.shuffle(),
                data.seed());
    }

    private Choice files(Choice choice, String keyPath) {
        if (choice.single() != null) {
            return Choice.of(existing(choice.single(), keyPath));
        }
        List<String> files = new ArrayList<>();
        choice.many().forEach(file -> files.add(existing(file, KeyPath.element(keyPath, files.size()))));
        return Choice.of(files);
    }

    private String existing(String path, String keyPath) {
        Path found = find(path);
        if (found == null) {
            throw missing(path, keyPath);
        }
        return found.toString();
    }

    private Path find(String path) {
        for (Path directory : List.of(recipeDirectory, workingDirectory)) {
            Path candidate = directory.resolve(home(path)).normalize();
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private ConfigurationException missing(String path, String keyPath) {
        boolean together =
                recipeDirectory.equals(workingDirectory) || Path.of(home(path)).isAbsolute();
        String places = together
                ? recipeDirectory.resolve(home(path)).normalize().toString()
                : recipeDirectory.resolve(home(path)).normalize() + " nor "
                        + workingDirectory.resolve(home(path)).normalize();
        return new ConfigurationException(source.place(keyPath) + "key '" + keyPath + "' names '" + path
                + "', but there is " + (together ? "no " : "neither ") + places);
    }

    private static String home(String path) {
        return path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
    }
}
