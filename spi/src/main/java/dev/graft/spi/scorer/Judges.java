package dev.graft.spi.scorer;

import java.nio.file.Path;

/** Opens models with a head per sequence, for scorers that ask one. */
public interface Judges {
    /**
     * The run's own base with a stored adapter in place of those of the run; its weights are shared, so only the adapter
     * takes memory. It reads tokens of the run's tokenizer.
     *
     * @param adapter directory of the adapter, which brings its head
     * @param outputs number of outputs of that head
     * @throws dev.graft.spi.config.ConfigurationException if the adapter cannot be read or belongs to another base
     */
    Judge upon(Path adapter, int outputs);

    /**
     * A checkpoint of its own with its tokenizer and the head it was saved with.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it cannot be read or has no head per sequence
     */
    Judge checkpoint(Path directory);
}
