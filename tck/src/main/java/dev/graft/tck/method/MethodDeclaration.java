package dev.graft.tck.method;

import dev.graft.spi.config.Key;
import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.provider.DeclarationFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an author says about a method: with which configurations it is tried, and what it cannot do. It stands in the plugin's
 * jar as {@code META-INF/graft/tck/<method id>.yaml}, or is written in Java.
 *
 * @param settings configurations and models; empty = without any keys on every tiny model
 * @param cannot capabilities it lacks, in every setting
 * @param withoutGradient names of parameters that by their nature change no output; null = none
 * @param notAlone why it cannot be tried by itself; null = it can
 */
public record MethodDeclaration(
        @Key("Configurations to try, each on one tiny model; left out, no keys on every tiny model")
        List<Tried> settings,

        @Key("What the method cannot do: merge, no-op-when-fresh, stack, save-any-time, combine")
        List<String> cannot,

        @Key("Regular expression for the names of parameters that by their nature change no output")
        String withoutGradient,

        @Key("Why the method cannot be tried by itself, such as one that only restrains others")
        String notAlone) {
    /**
     * A configuration on a model.
     *
     * @param model name of the tiny model
     * @param keys the configuration as a recipe writes it
     * @param cannot capabilities lacking in this setting, besides those of the method
     * @param parts what the adapter is built upon
     * @param approximateGradient names of parameters whose gradient by definition is not that of the loss; null = none
     * @param falls share of the first loss by which that of one batch falls at least within the budget of rule 4.03
     */
    public record Tried(
            @Key(value = "Name of the tiny model", required = true)
            String model,

            @Key("Keys of the configuration, as a recipe writes them")
            Map<String, Object> keys,

            @Key("What the method cannot do in this setting")
            List<String> cannot,

            @Key("Adapters of other methods that the adapter is built upon")
            List<PartTried> parts,

            @Key("Regular expression for the names of parameters whose gradient by definition is not that of the loss")
            String approximateGradient,

            @Key(
                    value = "Share of a batch's first loss by which it falls at least in the steps of rule 4.03",
                    defaultsTo = "0.01",
                    min = 0,
                    max = 1)
            double falls) {
        /** The share by which the loss falls at least where a declaration names none. */
        public static final double FALLS = 0.01;

        /** Absent lists and maps become empty. */
        public Tried {
            keys = keys == null ? Map.of() : keys;
            cannot = cannot == null ? List.of() : List.copyOf(cannot);
            parts = parts == null ? List.of() : List.copyOf(parts);
        }

        /** A configuration on a model. */
        public static Tried of(TinyModel model, Map<String, Object> keys) {
            return new Tried(model.toString(), keys, List.of(), List.of(), null, FALLS);
        }
    }

    /**
     * A part of an adapter that is built upon others.
     *
     * @param method id of its method
     * @param keys its configuration
     */
    public record PartTried(
            @Key(value = "Id of the part's method", required = true)
            String method,

            @Key("Keys of its configuration") Map<String, Object> keys) {
        /** Absent keys become empty. */
        public PartTried {
            keys = keys == null ? Map.of() : keys;
        }
    }

    /** Absent lists become empty. */
    public MethodDeclaration {
        settings = settings == null ? List.of() : List.copyOf(settings);
        cannot = cannot == null ? List.of() : List.copyOf(cannot);
    }

    /** A method that can everything, tried without keys on every tiny model. */
    public static MethodDeclaration standard() {
        return new MethodDeclaration(List.of(), List.of(), null, null);
    }

    /** The same without a capability. */
    public MethodDeclaration without(Capability capability) {
        List<String> all =
                Stream.concat(cannot.stream(), Stream.of(capability.toString())).toList();
        return new MethodDeclaration(settings, all, withoutGradient, notAlone);
    }

    /** The same, tried with keys on a model besides. */
    public MethodDeclaration on(TinyModel model, Map<String, Object> keys) {
        List<Tried> all = Stream.concat(settings.stream(), Stream.of(Tried.of(model, keys)))
                .toList();
        return new MethodDeclaration(all, cannot, withoutGradient, notAlone);
    }

    /**
     * Reads a declaration.
     *
     * @param text YAML
     * @param name what messages call it
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static MethodDeclaration parse(String text, String name) {
        return DeclarationFile.parse(MethodDeclaration.class, text, name);
    }

    /**
     * The declaration that a method's class path holds for it, or the standard one.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static MethodDeclaration of(MethodProvider<?> provider) {
        return DeclarationFile.of(MethodDeclaration.class, "", provider).orElseGet(MethodDeclaration::standard);
    }

    /** The settings to try. */
    public List<Tried> tried() {
        return settings.isEmpty()
                ? Stream.of(TinyModel.values())
                        .map(model -> Tried.of(model, Map.of()))
                        .toList()
                : settings;
    }
}
