package org.example.lntuning;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of LN-tuning, under the names of PEFT's {@code LNTuningConfig}.
 *
 * @param targetModules norms that learn; null = all of them
 * @param excludeModules norms that do not learn although they are targeted
 * @param modulesToSave modules trained in full
 */
public record LnTuningConfig(
        @Key("Norms that learn: a list of names or of name endings, or a regular expression over full names; left"
                + " out, every norm of the model")
        Choice targetModules,

        @Key("Norms to leave out: a list of names or endings, or a regular expression")
        Choice excludeModules,

        @Key("Modules besides the norms that are trained in full and saved, such as a new head")
        List<String> modulesToSave) {
    /** Copies the list; an absent one becomes empty. */
    public LnTuningConfig {
        modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
    }
}
