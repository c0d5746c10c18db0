package dev.graft.spi.model;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;
import java.util.List;
import java.util.function.Function;

/**
 * The tensors of a checkpoint that may spell names otherwise than the model does: without the prefix of the base model,
 * with the names of an older release. A tensor is looked for under the model's name first; the weight that is handed
 * out carries the model's name.
 */
public final class SpelledWeights implements Weights {
    private final Weights stored;
    private final Function<String, List<String>> spellings;

    /**
     * Weights with other spellings.
     *
     * @param stored the tensors by the names in the files
     * @param spellings for a name of the model, what else it may be called, likeliest first
     */
    public SpelledWeights(Weights stored, Function<String, List<String>> spellings) {
        this.stored = stored;
        this.spellings = spellings;
    }

    @Override
    public boolean contains(String name) {
        return stored.contains(spelling(name));
    }

    @Override
    public Weight require(String name, Shape shape) {
        String spelling = spelling(name);
        Weight weight = stored.require(spelling, shape);
        return spelling.equals(name) ? weight : stored.alias(name, weight);
    }

    @Override
    public Weight requireOrCreate(String name, Shape shape, Initializer initializer) {
        return contains(name) ? require(name, shape) : stored.requireOrCreate(name, shape, initializer);
    }

    @Override
    public Weight alias(String name, Weight target) {
        return stored.alias(name, target);
    }

    private String spelling(String name) {
        if (stored.contains(name)) {
            return name;
        }
        return spellings.apply(name).stream()
                .filter(stored::contains)
                .findFirst()
                .orElse(name);
    }
}
