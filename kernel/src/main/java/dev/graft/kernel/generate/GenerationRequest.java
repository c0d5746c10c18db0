package dev.graft.kernel.generate;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.spi.config.ConfigurationException;
import java.util.List;

/**
 * One prompt of a batch.
 *
 * @param prompt token ids, at least one
 * @param adapters what its row runs with, in the order of attachment; empty for the bare base
 * @param options how tokens are chosen
 */
public record GenerationRequest(int[] prompt, List<AttachedAdapter> adapters, SamplingOptions options) {
    /** Checks the prompt. */
    public GenerationRequest {
        adapters = List.copyOf(adapters);
        if (prompt.length == 0) {
            throw new ConfigurationException("a prompt is empty; it must hold at least one token");
        }
    }
}
