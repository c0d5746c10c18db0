package dev.graft.kernel.data;

import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import java.util.List;

/**
 * Records to be given labels.
 *
 * @param records as they stand in their files
 * @param examples what each of them makes, in the same order
 * @param notes what a person should know about them, for instance how many were cut
 */
public record Unlabelled(List<DataRecord> records, List<Example> examples, List<String> notes) {
    /** Copies the lists. */
    public Unlabelled {
        records = List.copyOf(records);
        examples = List.copyOf(examples);
        notes = List.copyOf(notes);
    }
}
