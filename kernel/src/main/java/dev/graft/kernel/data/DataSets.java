package dev.graft.kernel.data;

import dev.graft.spi.objective.Example;
import java.util.List;

/**
 * What a run learns from.
 *
 * @param train examples to train on, in the order of the files
 * @param eval examples to evaluate on; empty where there are none
 * @param labels class names in the order of their ids; empty where the objective has no classes
 * @param notes what a person should know, such as how many records were cut
 */
public record DataSets(List<Example> train, List<Example> eval, List<String> labels, List<String> notes) {
    /** Copies the lists. */
    public DataSets {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
        labels = List.copyOf(labels);
        notes = List.copyOf(notes);
    }
}
