package dev.graft.kernel.data;

import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import java.util.List;

/** What an objective changes of examples from pass to pass. */
@FunctionalInterface
public interface Draw {
    /** An example as it is used in one pass. */
    Example draw(Example example, RandomStream random);

    /** Nothing changes. */
    static Draw nothing() {
        return (example, random) -> example;
    }

    /** What this objective changes. */
    static Draw of(Objective objective, EncodeContext context) {
        return (example, random) -> objective.draw(example, context, random);
    }

    /**
     * The examples of one place of a data set, drawn from numbers that depend on these arguments alone.
     *
     * @param purpose the pass over the data
     * @param place their place in the data set
     */
    default List<Example> at(List<Example> examples, long seed, String purpose, int place) {
        RandomStream random = RandomStream.seeded(seed).fork("draw " + purpose + " " + place);
        return examples.stream().map(example -> draw(example, random)).toList();
    }
}
