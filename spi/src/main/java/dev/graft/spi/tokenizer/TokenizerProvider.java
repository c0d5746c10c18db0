package dev.graft.spi.tokenizer;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.plugin.Provider;
import java.nio.file.Path;

/** Offers tokenizers read from files. */
public interface TokenizerProvider extends Provider<NoOptions> {
    /**
     * Whether the directory holds files this provider reads.
     *
     * <p>An empty directory MUST NOT be supported, and damaged files MUST be refused by {@link #load} in one
     * sentence (rule 14.10).
     */
    boolean supports(Path directory);

    /**
     * Reads a tokenizer.
     *
     * @throws dev.graft.spi.config.ConfigurationException if the files are damaged, naming the file
     */
    Tokenizer load(Path directory);

    @Override
    default Class<NoOptions> configuration() {
        return NoOptions.class;
    }
}
