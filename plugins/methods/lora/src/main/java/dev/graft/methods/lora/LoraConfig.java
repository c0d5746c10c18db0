package dev.graft.methods.lora;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Configuration of low-rank adaptation, under the names of PEFT's {@code LoraConfig}.
 *
 * @param r rank
 * @param loraAlpha numerator of the scaling
 * @param loraDropout dropout before A
 * @param targetModules layers that get a low-rank update
 * @param excludeModules layers that get none although they are targeted
 * @param rankPattern ranks of single layers
 * @param alphaPattern alphas of single layers
 * @param layersToTransform blocks to which {@code targetModules} is limited
 * @param layersPattern name of the list of blocks
 * @param useRslora whether the scaling is alpha / sqrt(r)
 * @param useDora whether direction and magnitude are learned apart
 * @param loraBias whether B has a bias
 * @param bias which biases of the base are trained too
 * @param modulesToSave modules trained in full
 * @param trainableTokenIndices tokens whose vectors are trained: a list for the token table, or lists by module
 * @param initLoraWeights how A and B begin
 */
public record LoraConfig(
        @Key(value = "Rank of the update", defaultsTo = "8", min = 1)
        int r,

        @Key(value = "Numerator of the scaling alpha / r", defaultsTo = "8", min = 0)
        double loraAlpha,

        @Key(value = "Dropout on what goes into A", defaultsTo = "0", min = 0, max = 0.999)
        double loraDropout,

        @Key("Layers to adapt: a list of names or of name endings, a regular expression over full names, or"
                + " all-linear; left out, the query and value projections")
        Choice targetModules,

        @Key("Layers to leave out: a list of names or endings, or a regular expression")
        Choice excludeModules,

        @Key("Rank of single layers, by regular expression over the end of their names")
        Map<String, Integer> rankPattern,

        @Key("Alpha of single layers, by regular expression over the end of their names")
        Map<String, Double> alphaPattern,

        @Key("Numbers of the blocks to adapt; left out, all")
        List<Integer> layersToTransform,

        @Key("Name of the list of blocks in the module path, such as layers; left out, told from the names")
        Choice layersPattern,

        @Key(value = "Whether to scale by alpha / sqrt(r) (rsLoRA)", defaultsTo = "false")
        boolean useRslora,

        @Key(value = "Whether to learn a magnitude per output beside the direction (DoRA)", defaultsTo = "false")
        boolean useDora,

        @Key(value = "Whether B has a bias", defaultsTo = "false")
        boolean loraBias,

        @Key(value = "Which biases of the base are trained too", defaultsTo = "none")
        Bias bias,

        @Key("Modules besides the targets that are trained in full and saved, such as a new head")
        List<String> modulesToSave,

        @Key("Tokens whose vectors are trained and saved, such as newly added ones: a list of ids for the token table,"
                + " or a map from module names to such lists")
        Object trainableTokenIndices,

        @Key(
                value =
                        "First values: true (A Kaiming-uniform, B zero), gaussian (A normal with deviation 1/r, B zero),"
                                + " pissa (principal singular vectors, saved as an update of twice the rank), pissa_residual (the"
                                + " same, saved as PEFT does, for the base without them), or false (both random)",
                defaultsTo = "true",
                allowed = {"true", "false", "gaussian", "pissa", "pissa_residual"})
        String initLoraWeights) {
    /** Which biases of the base are trained too. */
    public enum Bias {
        /** None. */
        NONE,
        /** Every bias of the model. */
        ALL,
        /** Those of the adapted layers. */
        LORA_ONLY
    }

    /**
     * Copies collections; absent ones become empty.
     *
     * @throws ConfigurationException if a pattern gives a rank below 1 or an alpha below 0
     */
    public LoraConfig {
        rankPattern = inOrder(rankPattern);
        alphaPattern = inOrder(alphaPattern);
        layersToTransform = layersToTransform == null ? List.of() : List.copyOf(layersToTransform);
        modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
        rankPattern.forEach((layers, rank) -> require(
                rank != null && rank >= 1,
                "rank_pattern gives '" + layers + "' rank " + rank + "; a rank must be at least 1"));
        alphaPattern.forEach((layers, alpha) -> require(
                alpha != null && alpha >= 0,
                "alpha_pattern gives '" + layers + "' alpha " + alpha + "; an alpha must be at least 0"));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new ConfigurationException(message);
        }
    }

    /** The rank of a layer. */
    public int rank(String module) {
        return Patterns.find("rank_pattern", rankPattern, module).orElse(r);
    }

    /** The factor on B A of a layer. */
    public double scaling(String module) {
        double alpha = Patterns.find("alpha_pattern", alphaPattern, module).orElse(loraAlpha);
        int rank = rank(module);
        return alpha / (useRslora ? Math.sqrt(rank) : rank);
    }

    /** Whether updates begin with the principal components of their weight. */
    boolean principal() {
        return initLoraWeights.equals("pissa") || residual();
    }

    /** Whether such updates are saved as they are, for the base without its principal components. */
    boolean residual() {
        return initLoraWeights.equals("pissa_residual");
    }

    /** The first pattern that matches counts, so their order matters. */
    private static <T> Map<String, T> inOrder(Map<String, T> patterns) {
        return patterns == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(patterns));
    }
}
