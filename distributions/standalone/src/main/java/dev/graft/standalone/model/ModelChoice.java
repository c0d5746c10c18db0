package dev.graft.standalone.model;

import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.spi.engine.DType;
import java.nio.file.Path;
import java.util.List;

/**
 * What a person chose to use.
 *
 * @param directory the base model
 * @param adapters directories of adapters in the order given, or {@link #BASE} for none
 * @param trained what a run's recipe says, or null where no run was named
 */
public record ModelChoice(Path directory, List<String> adapters, Trained trained) {
    /** The name that stands for the base model without an adapter. */
    public static final String BASE = "base";

    /**
     * What a run's recipe says about how its model is to be opened.
     *
     * @param recipe the recipe's file
     * @param dtype how the frozen weights were held
     * @param fromScratch whether they were drawn at random
     * @param seed the seed they were drawn from
     * @param objective what training minimised
     */
    public record Trained(Path recipe, DType dtype, boolean fromScratch, long seed, PluginSection objective) {}

    /** Copies the list. */
    public ModelChoice {
        adapters = List.copyOf(adapters);
    }

    /**
     * How to open the model: as its run did, or as it is stored.
     *
     * @param wanted element type of the weights; null = the run's, else float32
     */
    public ModelLoader.Options options(PluginRegistry plugins, DType wanted) {
        if (trained == null) {
            return new ModelLoader.Options(wanted == null ? DType.FLOAT32 : wanted, null, 0, false, 0);
        }
        return new ModelLoader.Options(
                wanted == null ? trained.dtype : wanted,
                new PluginInstances(plugins).objective(trained.objective).task(),
                0,
                trained.fromScratch,
                trained.seed);
    }

    /** Whether a name means no adapter. */
    public static boolean isBase(String name) {
        return name.equals(BASE) || name.equals("-");
    }
}
