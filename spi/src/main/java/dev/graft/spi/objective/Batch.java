package dev.graft.spi.objective;

import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Examples made into tensors. Row {@code i} of the input is the {@code i}-th sequence of the examples in order, unless
 * sequences were packed.
 *
 * @param input ids, mask, positions and segments
 * @param labels {@code [batch, length]}, -100 = ignored; null where sequences carry no labels
 * @param examples what it was made from
 */
public record Batch(Input input, Tensor labels, List<Example> examples) {
    /** Copies the list. */
    public Batch {
        examples = List.copyOf(examples);
    }

    /** A number of every example, in order. */
    public double[] values(String name) {
        return examples.stream()
                .mapToDouble(example -> example.values().get(name))
                .toArray();
    }
}
