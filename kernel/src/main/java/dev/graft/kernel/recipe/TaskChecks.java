package dev.graft.kernel.recipe;

import dev.graft.kernel.config.KeyPath;
import dev.graft.kernel.config.Source;
import dev.graft.spi.config.ConfigurationException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold between the sections of a recipe that say what is learnt, for one task or for several. */
final class TaskChecks {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final String TASKS = "tasks";

    private final Recipe recipe;
    private final Source source;

    TaskChecks(Recipe recipe, Source source) {
        this.recipe = recipe;
        this.source = source;
    }

    /** Checks everything. */
    void run() {
        if (recipe.mixesTasks()) {
            checkNothingBeside();
            checkTasks();
        } else {
            checkOneTask();
        }
        checkMethods();
    }

    private void checkOneTask() {
        require(recipe.objective(), "objective", "What training minimises: an objective's id and its keys");
        require(recipe.data(), "data", "What to learn from");
        checkEvaluation(recipe.data(), "data");
        if (recipe.mixing() != null) {
            throw wrong("mixing", "says how tasks are mixed, but the recipe has no tasks");
        }
    }

    private void require(Record section, String key, String meaning) {
        if (section == null) {
            throw wrong(key, "is missing; expected a section (" + meaning + "), or tasks with one for each");
        }
    }

    private void checkNothingBeside() {
        refuse(recipe.objective(), "objective");
        refuse(recipe.data(), "data");
        refuse(recipe.show(), "show");
        if (recipe.scorer() != null) {
            throw wrong(
                    "scorer",
                    "stands beside tasks, none of which can learn from the model's own answers; such an objective needs a"
                            + " run of its own");
        }
    }

    private void refuse(Record section, String key) {
        if (section != null) {
            throw wrong(key, "stands beside tasks, each of which has its own; only one of the two is allowed");
        }
    }

    private void checkTasks() {
        Set<String> names = new HashSet<>();
        List<TaskSection> tasks = recipe.tasks();
        for (int i = 0; i < tasks.size(); i++) {
            String path = KeyPath.element(TASKS, i);
            TaskSection task = tasks.get(i);
            if (!NAME.matcher(task.name()).matches()) {
                throw wrong(
                        KeyPath.key(path, "name"),
                        "is '" + task.name() + "'; a task's name is made of letters, digits, - and _");
            }
            if (!names.add(task.name())) {
                throw wrong(path, "has the name '" + task.name() + "', as another has; give each its own name");
            }
            checkWeight(task, KeyPath.key(path, "weight"));
            String data = KeyPath.key(path, "data");
            checkEvaluation(task.data(), data);
            if (task.data().gradientAccumulation() != 1) {
                throw wrong(
                        KeyPath.key(data, "gradient_accumulation"),
                        "is " + task.data().gradientAccumulation()
                                + ", but the batches of a step may belong to several tasks; mixing.gradient_accumulation"
                                + " counts them");
            }
            if (recipe.methods().stream().noneMatch(method -> method.serves(task.name()) && !method.frozen())) {
                throw wrong(path, "has no method that learns; share one, or name '" + task.name() + "' in its tasks");
            }
        }
    }

    private void checkWeight(TaskSection task, String path) {
        if (task.weight() == 0) {
            throw wrong(path, "is 0; expected a number above 0");
        }
        boolean learnt = recipe.mixture().weighting() == MixingSection.Weighting.UNCERTAINTY;
        if (learnt && task.weight() != 1) {
            throw wrong(
                    path,
                    "is " + task.weight() + ", but mixing.weighting: uncertainty learns the weights; leave it out");
        }
    }

    private void checkEvaluation(DataSection data, String path) {
        if (data.eval() != null && data.evalFraction() > 0) {
            throw wrong(KeyPath.key(path, "eval_fraction"), "stands beside eval; only one of them is allowed");
        }
    }

    private void checkMethods() {
        List<String> known = recipe.tasks().stream().map(TaskSection::name).toList();
        for (int i = 0; i < recipe.methods().size(); i++) {
            List<String> named = recipe.methods().get(i).tasks();
            String path = KeyPath.key(KeyPath.element("method", i), TASKS);
            for (String name : named) {
                if (!known.contains(name)) {
                    throw wrong(
                            path,
                            "names '" + name + "'; "
                                    + (known.isEmpty()
                                            ? "the recipe has no tasks"
                                            : "the tasks are " + String.join(", ", known)));
                }
            }
            if (new HashSet<>(named).size() < named.size()) {
                throw wrong(path, "names a task twice");
            }
        }
    }

    private ConfigurationException wrong(String path, String problem) {
        return RecipeReader.wrong(source, path, problem);
    }
}
