package dev.graft.methods.ptuningv2;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of P-tuning v2, under the names of its authors' program (THUDM/P-tuning-v2).
 *
 * @param preSeqLen number of prompts of every block
 * @param numVirtualTokens the same under PEFT's name
 * @param prefixProjection whether prompts learn through a network
 * @param prefixHiddenSize width of that network
 * @param modulesToSave modules trained in full beside the prompts
 */
public record PTuningV2Config(
        @Key(value = "Number of prompts in front of every block; left out, 20", min = 1)
        Integer preSeqLen,

        @Key(value = "The same as pre_seq_len, under PEFT's name", min = 1)
        Integer numVirtualTokens,

        @Key(
                value = "Whether prompts learn through a network of two layers (reparameterisation), which is dropped"
                        + " after training",
                defaultsTo = "false")
        boolean prefixProjection,

        @Key(value = "Width of that network", defaultsTo = "512", min = 1)
        int prefixHiddenSize,

        @Key("Modules besides the prompts that are trained in full and saved; the head of a classifier always is")
        List<String> modulesToSave) {
    /** The number of prompts where none is given. */
    static final int LENGTH = 20;

    /**
     * Copies the list.
     *
     * @throws ConfigurationException if the number of prompts is given twice
     */
    public PTuningV2Config {
        modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
        if (preSeqLen != null && numVirtualTokens != null) {
            throw new ConfigurationException(
                    "pre_seq_len and num_virtual_tokens are two names of one number; one of them must be left out");
        }
    }

    /** Number of prompts of every block. */
    int length() {
        if (preSeqLen != null) {
            return preSeqLen;
        }
        return numVirtualTokens != null ? numVirtualTokens : LENGTH;
    }
}
