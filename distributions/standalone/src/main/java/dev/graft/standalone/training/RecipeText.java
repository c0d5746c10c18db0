package dev.graft.standalone.training;

import dev.graft.kernel.recipe.MethodSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A recipe in few words. */
final class RecipeText {
    private RecipeText() {}

    /** What is done to what, for instance {@code lora on stories260k}. */
    static String title(Recipe recipe) {
        String methods = recipe.methods().stream().map(RecipeText::name).collect(Collectors.joining(" + "));
        Path model = Path.of(recipe.model().path()).getFileName();
        return methods + " on " + (model == null ? recipe.model().path() : model);
    }

    /** A task, for instance {@code feelings: classification, weight 0.5}. */
    static String task(TaskSection task) {
        String weight = task.weight() == 1 ? "" : ", weight " + task.weight();
        return task.name() + ": " + task.objective().id() + weight;
    }

    /** A method with its keys and tasks, for instance {@code lora: r 8, target_modules all-linear (of feelings)}. */
    static String method(MethodSection method) {
        String tasks = method.tasks().isEmpty() ? "" : " (of " + String.join(", ", method.tasks()) + ")";
        return keys(method) + tasks;
    }

    private static String keys(MethodSection method) {
        if (method.adapter() != null) {
            return name(method) + ": goes on from " + method.adapter();
        }
        return method.options().isEmpty() ? name(method) : name(method) + ": " + options(method.options());
    }

    private static String name(MethodSection method) {
        return method.id() == null ? "adapter" : method.id();
    }

    private static String options(Map<String, Object> options) {
        return options.entrySet().stream()
                .map(option -> option.getKey() + " " + value(option.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String value(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
                : String.valueOf(value);
    }
}
