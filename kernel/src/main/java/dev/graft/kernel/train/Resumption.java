package dev.graft.kernel.train;

import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a run goes on: at the latest checkpoint that can be read. A damaged one is passed over with a note, since the
 * one before leads to the same numbers, only later. Where none can be read the run does not go on: begun anew in
 * silence, it would be taken for one that went on.
 *
 * @param state where the run stands
 * @param notes what a person should know about it
 */
record Resumption(RunState state, List<String> notes) {
    /**
     * Finds it.
     *
     * @param read reads a checkpoint into the run
     * @throws ConfigurationException if there are checkpoints, but none can be read, saying what is wrong with the latest
     */
    static Resumption from(RunDirectory directory, Function<Path, RunState> read) {
        List<Path> checkpoints = directory.latestFirst();
        List<String> notes = new ArrayList<>();
        ConfigurationException latest = null;
        for (Path checkpoint : checkpoints) {
            try {
                return new Resumption(read.apply(checkpoint), List.copyOf(notes));
            } catch (ConfigurationException damaged) {
                notes.add("checkpoint " + checkpoint.getFileName() + " cannot be read and was passed over: "
                        + damaged.getMessage());
                latest = latest == null ? damaged : latest;
            }
        }
        if (latest != null) {
            throw new ConfigurationException(
                    "no checkpoint of " + directory.root() + " can be read: " + latest.getMessage(), latest);
        }
        return new Resumption(RunState.start(), List.of());
    }
}
