package dev.graft.kernel.train;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.PlacedAdapter;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginFailure;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.recipe.MethodSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Attaches what a recipe's method sections name, each to the model of the task it serves, or to what several have in common. */
final class RunAttachments {
    private final Plugins plugins;
    private final Recipe recipe;
    private final Tokenizer tokenizer;
    private final TaskModels models;
    private final Consumer<AttachedAdapter> opened;

    /**
     * Attachments to be made.
     *
     * @param opened told of every attachment as soon as it is there, to release it
     */
    RunAttachments(
            Plugins plugins, Recipe recipe, Tokenizer tokenizer, TaskModels models, Consumer<AttachedAdapter> opened) {
        this.plugins = plugins;
        this.recipe = recipe;
        this.tokenizer = tokenizer;
        this.models = models;
        this.opened = opened;
    }

    /** Attaches them in the order of the recipe. */
    List<PlacedAdapter> attach() {
        List<PlacedAdapter> all = new ArrayList<>();
        for (MethodSection section : recipe.methods()) {
            List<String> tasks = tasks(section);
            LoadedModel model = models.common(tasks);
            List<AttachedAdapter> below = PlacedAdapter.below(all, tasks);
            List<AttachedAdapter> attached = section.adapter() == null
                    ? List.of(fresh(section, model, below))
                    : new AdapterLoader(plugins, tokenizer).load(Path.of(section.adapter()), model, below);
            attached.forEach(opened);
            if (section.frozen()) {
                attached.forEach(AttachedAdapter::freeze);
            }
            attached.forEach(one -> all.add(new PlacedAdapter(one, model, tasks)));
        }
        AdapterStore.requireNames(names(all.stream().map(PlacedAdapter::adapter).toList()));
        for (TaskSection task : recipe.tasks()) {
            requireTrainedHead(task.name(), all);
        }
        return List.copyOf(all);
    }

    /** What several tasks share leaves their heads alone, so a head that begins at random needs a method of its task's own. */
    private void requireTrainedHead(String task, List<PlacedAdapter> all) {
        ModelView view = models.of(task).view();
        FullModules heads = FullModules.heads(view);
        List<Patches> patches = all.stream()
                .filter(one -> one.serves(task))
                .map(one -> one.adapter().attachment().patches())
                .toList();
        view.linears()
                .filter(site -> heads.contains(site) && site.weight().fresh())
                .filter(site -> patches.stream().noneMatch(one -> reaches(one, site)))
                .findFirst()
                .ifPresent(site -> {
                    throw new ConfigurationException("task '" + task + "': its head '" + site.name()
                            + "' begins at random and nothing trains it, since methods that tasks share leave heads alone;"
                            + " add a method with tasks: [" + task + "] that trains the module " + site.name());
                });
    }

    private static boolean reaches(Patches patches, LinearSite site) {
        return patches.linear().containsKey(site.name()) || patches.parameter().containsKey(site.name() + ".weight");
    }

    /** Attaches instead what a run with this recipe left behind. */
    List<PlacedAdapter> stored(Path directory) {
        List<PlacedAdapter> all = new AdapterLoader(plugins, tokenizer).load(directory, this::model);
        all.forEach(one -> opened.accept(one.adapter()));
        return all;
    }

    private LoadedModel model(List<String> tasks) {
        for (String task : tasks) {
            if (models.of(task) == null) {
                throw new ConfigurationException(
                        "the adapter serves the task '" + task + "', which the run's recipe does not have");
            }
        }
        return models.common(tasks);
    }

    /** The names of the tasks that a section serves; none where the recipe has but one without a name. */
    private List<String> tasks(MethodSection section) {
        return recipe.tasks().stream()
                .map(TaskSection::name)
                .filter(section::serves)
                .toList();
    }

    private static List<String> names(List<AttachedAdapter> adapters) {
        return adapters.stream()
                .flatMap(adapter -> Stream.concat(Stream.of(adapter.name()), names(adapter.parts()).stream()))
                .toList();
    }

    private AttachedAdapter fresh(MethodSection section, LoadedModel model, List<AttachedAdapter> below) {
        Plugin plugin = plugins.plugin(PluginKind.METHOD, section.id());
        MethodProvider<?> provider = (MethodProvider<?>) plugin.provider();
        return PluginFailure.guard(plugin, () -> fresh(provider, section, model, below));
    }

    private <C extends Record> AttachedAdapter fresh(
            MethodProvider<C> provider, MethodSection section, LoadedModel model, List<AttachedAdapter> below) {
        C configuration = ConfigurationBinder.bind(provider.configuration(), section.options(), "method");
        String name = section.name() == null ? provider.id() : section.name();
        RandomStream random = RandomStream.seeded(recipe.training().seed()).fork(name);
        AdapterBuilder.Setting setting = new AdapterBuilder.Setting(name, random, DType.FLOAT32, tokenizer, null, "");
        return AdapterBuilder.attach(model, provider, configuration, setting.over(below, parts(section, model, below)));
    }

    private List<AttachedAdapter> parts(MethodSection section, LoadedModel model, List<AttachedAdapter> below) {
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
}
