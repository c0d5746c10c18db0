package dev.graft.methods.ia3;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of IA3, under the names of PEFT's {@code IA3Config}.
 *
 * @param targetModules layers that are scaled
 * @param feedforwardModules those of them whose input is scaled instead of their output
 * @param excludeModules layers that are not scaled although they are targeted
 * @param fanInFanOut whether weights are stored with the input first; the model knows, so that nothing depends on it
 * @param initIa3Weights whether scalings begin at one
 * @param modulesToSave modules trained in full
 */
public record Ia3Config(
        @Key("Layers to scale: a list of names or of name endings, a regular expression over full names, or"
                + " all-linear; left out, PEFT's choice for the model type, or keys, values and the narrowing of the"
                + " feed-forward layer")
        Choice targetModules,

        @Key("Layers among the targets whose input is scaled instead of their output: a list of name endings or a"
                + " regular expression; left out, PEFT's choice for the model type, or the narrowing of the"
                + " feed-forward layer")
        Choice feedforwardModules,

        @Key("Layers to leave out: a list of names or endings, or a regular expression")
        Choice excludeModules,

        @Key("PEFT's note that weights are stored with the input first, as in GPT-2; taken from the model whatever it"
                + " says")
        Boolean fanInFanOut,

        @Key(value = "Whether scalings begin at one; otherwise they are drawn from a normal", defaultsTo = "true")
        boolean initIa3Weights,

        @Key("Modules besides the targets that are trained in full and saved, such as a new head")
        List<String> modulesToSave) {
    /**
     * Copies the list; an absent one becomes empty.
     *
     * @throws ConfigurationException if both kinds of modules are lists and a feed-forward module ends no target;
     *     targets may be whole names, as PEFT writes them for {@code all-linear}
     */
    public Ia3Config {
        modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
        if (targetModules != null && targetModules.names().isPresent() && feedforwardModules != null) {
            List<String> targets = targetModules.many();
            for (String name : feedforwardModules.names().orElse(List.of())) {
                if (targets.stream().noneMatch(target -> target.endsWith(name))) {
                    throw new ConfigurationException(
                            "feedforward_modules names '" + name + "', which is not among target_modules " + targets);
                }
            }
        }
    }
}
