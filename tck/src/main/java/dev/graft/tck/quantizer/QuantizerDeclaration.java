package dev.graft.tck.quantizer;

import dev.graft.spi.config.Key;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.tck.provider.DeclarationFile;
import java.util.List;
import java.util.Map;

/**
 * What an author says about a quantizer: with which configurations it is tried, how exact it is, and what it cannot do. It stands in the
 * plugin's jar as {@code META-INF/graft/tck/quantizer/<quantizer id>.yaml}, or is written in Java.
 *
 * @param settings configurations; empty = without any keys
 */
public record QuantizerDeclaration(
        @Key("Configurations to try; left out, no keys, and at most 0.16 of the largest number of a weight as error")
        List<Tried> settings) {
    /** Which numbers of a weight share a scale. */
    public enum Scales {
        /** All of them. */
        WEIGHT,
        /** Those with the same index on the first axis. */
        ROW,
        /** So many that follow one another. */
        BLOCK
    }

    /**
     * A configuration.
     *
     * @param keys the configuration as a recipe writes it
     * @param error greatest error of a number, as a share of the largest among those it shares a scale with
     * @param scales which numbers share a scale
     * @param block how many, where it is so many that follow one another
     * @param cannot capabilities lacking in this setting
     */
    public record Tried(
            @Key("Keys of the configuration, as a recipe writes them")
            Map<String, Object> keys,

            @Key(
                    value = "Greatest error of a number, as a share of the largest among those it shares a scale with",
                    defaultsTo = "0.16",
                    min = 0,
                    max = 1)
            double error,

            @Key(
                    value = "Which numbers share a scale: all of the weight, a row of it, or a block",
                    defaultsTo = "weight")
            Scales scales,

            @Key(value = "How many numbers that follow one another make a block", defaultsTo = "64", min = 1)
            int block,

            @Key("What the quantizer cannot do in this setting: keep-zero, settle")
            List<String> cannot) {
        /** Absent lists and maps become empty. */
        public Tried {
            keys = keys == null ? Map.of() : keys;
            cannot = cannot == null ? List.of() : List.copyOf(cannot);
        }
    }

    /** Absent lists become empty. */
    public QuantizerDeclaration {
        settings = settings == null ? List.of() : List.copyOf(settings);
    }

    /**
     * The declaration that a quantizer's class path holds for it, or one without settings.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static QuantizerDeclaration of(QuantizerProvider<?> provider) {
        return DeclarationFile.of(QuantizerDeclaration.class, "quantizer/", provider)
                .orElseGet(() -> new QuantizerDeclaration(List.of()));
    }

    /** The settings to try. */
    List<Tried> tried() {
        return settings.isEmpty() ? List.of(new Tried(Map.of(), 0.16, Scales.WEIGHT, 64, List.of())) : settings;
    }
}
