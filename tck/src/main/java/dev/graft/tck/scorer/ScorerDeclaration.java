package dev.graft.tck.scorer;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.provider.DeclarationFile;
import java.util.List;
import java.util.Map;

/**
 * What an author says about a scorer: with which configurations and answers it is tried, and which are to be refused. It stands in the
 * plugin's jar as {@code META-INF/graft/tck/scorer/<scorer id>.yaml}, or is written in Java.
 *
 * @param settings configurations; empty = without any keys
 * @param refused configurations that name what is not there
 */
public record ScorerDeclaration(
        @Key("Configurations to try; left out, no keys") List<Tried> settings,

        @Key("Keys of configurations that are refused, when the scorer is made or at its first score")
        List<Map<String, Object>> refused) {
    /** What a scorer that asks a service lacks. */
    static final String OFFLINE = "offline";

    /**
     * A configuration.
     *
     * @param keys the configuration as a recipe writes it; a model is called by the name of a tiny one
     * @param answers {@code prompt} and {@code text} of each answer, and further columns of its record; empty = the kit's own
     * @param cannot {@code offline} where it asks a service that is not there
     */
    public record Tried(
            @Key("Keys of the configuration, as a recipe writes them; a model is called by the name of a tiny one")
            Map<String, Object> keys,

            @Key("Answers to score: prompt, text, and further columns of the record; left out, the kit's own")
            List<Map<String, Object>> answers,

            @Key(
                    "What the scorer cannot do in this setting: offline, where it asks a service; scoring is then refused in one sentence")
            List<String> cannot) {
        /** Absent lists and maps become empty; there is but one capability. */
        public Tried {
            keys = keys == null ? Map.of() : keys;
            answers = answers == null ? List.of() : List.copyOf(answers);
            cannot = cannot == null ? List.of() : List.copyOf(cannot);
            for (String name : cannot) {
                if (!name.equals(OFFLINE)) {
                    throw new ConfigurationException(
                            "there is no capability '" + name + "' that a scorer may lack; there is offline");
                }
            }
        }

        /** A configuration with the kit's own answers. */
        public static Tried of(Map<String, Object> keys) {
            return new Tried(keys, List.of(), List.of());
        }
    }

    /** Absent lists become empty. */
    public ScorerDeclaration {
        settings = settings == null ? List.of() : List.copyOf(settings);
        refused = refused == null ? List.of() : List.copyOf(refused);
    }

    /**
     * The declaration that a scorer's class path holds for it, or one without settings.
     *
     * @throws ConfigurationException if it is wrong, naming the key
     */
    public static ScorerDeclaration of(ScorerProvider<?> provider) {
        return DeclarationFile.of(ScorerDeclaration.class, "scorer/", provider)
                .orElseGet(() -> new ScorerDeclaration(List.of(), List.of()));
    }

    /** The settings to try. */
    List<Tried> tried() {
        return settings.isEmpty() ? List.of(Tried.of(Map.of())) : settings;
    }
}
