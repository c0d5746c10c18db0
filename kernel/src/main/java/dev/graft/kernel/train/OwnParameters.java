package dev.graft.kernel.train;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Attaches what an objective itself learns. */
final class OwnParameters {
    private OwnParameters() {}

    /** The name of what an objective learns, in its run. */
    private static String name(TaskSection task) {
        String id = task.objective().id();
        return task.name().isEmpty() ? id : task.name() + "-" + id;
    }

    /** The file beside an adapter that holds it. */
    static String file(TaskSection task, Objective objective) {
        return task.name().isEmpty() ? objective.stateFile() : task.name() + "-" + objective.stateFile();
    }

    /** It, with the values that lie beside the adapter the run goes on from; empty where there is nothing to learn. */
    static Optional<AttachedAdapter> attach(
            Recipe recipe, TaskSection task, Objective objective, LoadedModel model, Tokenizer tokenizer) {
        String name = name(task);
        Path file = recipe.methods().stream()
                .filter(method -> method.adapter() != null && !method.frozen())
                .map(method -> Path.of(method.adapter()).resolve(file(task, objective)))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        RandomStream random = RandomStream.seeded(recipe.training().seed()).fork(name);
        Map<String, Array> stored = file == null ? null : stored(model.tensors().engine(), file);
        try {
            AdapterBuilder.Setting setting =
                    new AdapterBuilder.Setting(name, random, DType.FLOAT32, tokenizer, stored, String.valueOf(file));
            AdapterBuilder.Origin origin = new AdapterBuilder.Origin(name, "", task.objective());
            return AdapterBuilder.attach(model, origin, objective::attach, setting);
        } finally {
            if (stored != null) {
                stored.values().forEach(Array::close);
            }
        }
    }

    private static Map<String, Array> stored(Engine engine, Path file) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            tensors.contents().forEach((name, values) -> arrays.put(name, EngineArrays.copy(engine, values)));
            return arrays;
        } catch (RuntimeException e) {
            arrays.values().forEach(Array::close);
            throw e;
        }
    }
}
