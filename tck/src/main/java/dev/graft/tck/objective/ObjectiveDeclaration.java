package dev.graft.tck.objective;

import dev.graft.spi.config.Key;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.provider.DeclarationFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an author says about an objective: with which configurations and records it is tried, and what it cannot do. It stands in
 * the plugin's jar as {@code META-INF/graft/tck/objective/<objective id>.yaml}, or is written in Java.
 *
 * @param settings configurations and models; empty = without any keys on every tiny model with the head it needs
 * @param cannot capabilities it lacks, in every setting
 */
public record ObjectiveDeclaration(
        @Key("Configurations to try, each on one tiny model; left out, no keys on every tiny model with the right head")
        List<Tried> settings,

        @Key("What the objective cannot do: accumulate, cut-evaluation")
        List<String> cannot) {
    /**
     * A configuration on a model.
     *
     * @param model name of the tiny model; its head becomes the one that the objective needs
     * @param keys the configuration as a recipe writes it
     * @param records columns of each record to learn from; empty = the kit's own, with the columns of every usual kind
     * @param cannot capabilities lacking in this setting, besides those of the objective
     * @param falls what the loss of one batch falls by at least within the budget of rule 13.14, as a share of the first loss,
     *     or of 1 where that is smaller
     */
    public record Tried(
            @Key(value = "Name of the tiny model", required = true)
            String model,

            @Key("Keys of the configuration, as a recipe writes them")
            Map<String, Object> keys,

            @Key("Records to learn from, two at least; left out, the kit's own")
            List<Map<String, Object>> records,

            @Key("What the objective cannot do in this setting")
            List<String> cannot,

            @Key(
                    value =
                            "Share of a batch's first loss, or of 1 where that is smaller, by which it falls at least in the"
                                    + " steps of rule 13.14",
                    defaultsTo = "0.005",
                    min = 0)
            double falls) {
        /** What a loss has to fall by where a declaration does not say it. */
        public static final double FALLS = 0.005;

        /** Absent lists and maps become empty. */
        public Tried {
            keys = keys == null ? Map.of() : keys;
            records = records == null ? List.of() : List.copyOf(records);
            cannot = cannot == null ? List.of() : List.copyOf(cannot);
        }
    }

    /** Absent lists become empty. */
    public ObjectiveDeclaration {
        settings = settings == null ? List.of() : List.copyOf(settings);
        cannot = cannot == null ? List.of() : List.copyOf(cannot);
    }

    /** An objective that can everything, tried without keys on the kit's own records. */
    public static ObjectiveDeclaration standard() {
        return new ObjectiveDeclaration(List.of(), List.of());
    }

    /** The same, tried with keys on a model besides, with the kit's own records. */
    public ObjectiveDeclaration on(TinyModel model, Map<String, Object> keys) {
        Tried one = new Tried(model.toString(), keys, List.of(), List.of(), Tried.FALLS);
        return new ObjectiveDeclaration(
                Stream.concat(settings.stream(), Stream.of(one)).toList(), cannot);
    }

    /**
     * The declaration that an objective's class path holds for it, or the standard one.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static ObjectiveDeclaration of(ObjectiveProvider<?> provider) {
        return DeclarationFile.of(ObjectiveDeclaration.class, "objective/", provider)
                .orElseGet(ObjectiveDeclaration::standard);
    }

    /** The settings to try. */
    List<Tried> tried() {
        return settings.isEmpty()
                ? Stream.of(TinyModel.values())
                        .map(model -> new Tried(model.toString(), Map.of(), List.of(), List.of(), Tried.FALLS))
                        .toList()
                : settings;
    }
}
