package dev.graft.tck.provider;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.plugin.Provider;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.RuleBroken;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Chapter 2: what a plugin says of itself, and its configuration. */
public final class ConfigurationRules {
    private static final List<Object> HOSTILE = Arrays.asList(
            0L, -1L, 1L << 40, -0.5, 1e300, Double.NaN, "", "tck", true, List.of(), List.of("tck"), Map.of("a", 1L));

    /** The chapter. */
    public static final Chapter<Provider<?>> CHAPTER = new Chapter<>(
            2,
            "Configuration",
            List.of(
                    article(
                            must(
                                            "2.01",
                                            "theIdIsPlain",
                                            "The id consists of lower-case letters, digits and single hyphens.")
                                    .because("It is a name in recipes, files and addresses.")
                                    .look("id()."),
                            ConfigurationRules::plainId),
                    article(
                            must(
                                            "2.02",
                                            "theVersionIsNumbers",
                                            "The version is numbers joined by dots, with a qualifier" + " perhaps.")
                                    .because("The newest of several versions is taken.")
                                    .look("version(), or Implementation-Version in the jar's manifest."),
                            ConfigurationRules::version),
                    article(
                            must(
                                            "2.03",
                                            "everyKeyIsExplained",
                                            "Every component of the configuration carries a @Key with a" + " sentence.")
                                    .because("Help and the schema of recipes are made from it.")
                                    .look("the configuration record."),
                            ConfigurationRules::everyKeyIsExplained),
                    article(
                            must("2.04", "defaultsAreAllowed", "Every default is a value that the key allows.")
                                    .because("What is left out is valid.")
                                    .look("defaultsTo against min, max and allowed."),
                            ConfigurationRules::defaults),
                    article(
                            must(
                                            "2.05",
                                            "withoutKeysItBindsOrNamesWhatIsMissing",
                                            "Without any keys the configuration is there,"
                                                    + " or the refusal names a required key.")
                                    .because("The first thing a person writes is the id alone.")
                                    .look("required, and checks in the record's constructor."),
                            ConfigurationRules::withoutKeys),
                    article(
                            must(
                                            "2.06",
                                            "anUnknownKeyIsRefused",
                                            "A key that the configuration does not have is refused, and" + " named.")
                                    .because("A misspelt key would be no key.")
                                    .seen("peft's advice to delete unexpected keys of adapter_config.json by hand.")
                                    .withoutMutant("keys are read by the kernel; no plugin can get in between"),
                            ConfigurationRules::unknownKey),
                    article(
                            must(
                                            "2.07",
                                            "everyValueIsTakenOrRefused",
                                            "Whatever value stands at a key, it is taken or refused"
                                                    + " in one sentence.")
                                    .because("A person mends what is named.")
                                    .look("the record's constructor: throw ConfigurationException or"
                                            + " IllegalArgumentException with a sentence; expect nulls."),
                            ConfigurationRules::everyValue),
                    article(
                            must(
                                            "2.08",
                                            "aConfigurationComesBack",
                                            "Written out and read again a configuration equals itself.")
                                    .because("It is kept beside what was trained with it.")
                                    .seen("peft's config round trips that lose keys between versions.")
                                    .look(
                                            "the record's constructor, where it changes what it is given; components without"
                                                    + " equals, such as arrays."),
                            ConfigurationRules::comesBack),
                    article(
                            must("2.09", "theSummaryIsOneLine", "The summary is one line of at most 120 characters.")
                                    .because("It stands in listings.")
                                    .look("summary()."),
                            ConfigurationRules::summary),
                    article(
                            must(
                                            "2.10",
                                            "itAnswersTheSameEveryTime",
                                            "Id, version, summary and configuration are the same"
                                                    + " however often they are asked for.")
                                    .because("Plugins are known by them.")
                                    .look("fields of the provider: it has none."),
                            ConfigurationRules::sameAnswers),
                    article(
                            must(
                                            "2.11",
                                            "aMethodIsDocumented",
                                            "A method's documentation has all six parts: idea, formula,"
                                                    + " source, when to choose it, number of parameters, files.")
                                    .because("A person chooses by it.")
                                    .look("documentation()."),
                            ConfigurationRules::documented),
                    article(
                            must(
                                            "2.12",
                                            "aConfigurationIsAValue",
                                            "Two configurations bound from the same keys are equal.")
                                    .because("Adapters that may be combined are found by it.")
                                    .look("equals of the record and of its components."),
                            ConfigurationRules::value)));

    private ConfigurationRules() {}

    private static void plainId(Provider<?> provider) {
        String id = provider.id();
        Expect.that(id != null && id.matches("[a-z0-9]+(-[a-z0-9]+)*"), "the id is '" + id + "'");
    }

    private static void version(Provider<?> provider) {
        try {
            Plugin.of(kind(provider), provider, "the kit");
        } catch (IllegalArgumentException refused) {
            Expect.that(
                    !String.valueOf(provider.id()).matches("[a-z0-9]+(-[a-z0-9]+)*"),
                    String.valueOf(refused.getMessage()));
        }
    }

    private static PluginKind kind(Provider<?> provider) {
        return Stream.of(PluginKind.values())
                .filter(kind -> kind.provider().isInstance(provider))
                .findFirst()
                .orElseThrow(() -> new RuleBroken(provider.getClass().getName() + " is no plugin of any kind"));
    }

    private static List<RecordComponent> components(Provider<?> provider) {
        return List.of(provider.configuration().getRecordComponents());
    }

    private static String name(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        return key != null && !key.name().isEmpty()
                ? key.name()
                : component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static void everyKeyIsExplained(Provider<?> provider) {
        for (RecordComponent component : components(provider)) {
            Key key = component.getAnnotation(Key.class);
            Expect.that(
                    key != null && key.value().trim().length() >= 10,
                    "the key " + name(component) + " says nothing about itself");
        }
    }

    private static void defaults(Provider<?> provider) {
        for (RecordComponent component : components(provider)) {
            Key key = component.getAnnotation(Key.class);
            if (key == null || key.defaultsTo().isEmpty()) {
                continue;
            }
            Object value = YamlDocument.parse("value: " + key.defaultsTo(), "default")
                    .tree()
                    .get("value");
            if (value instanceof Number number) {
                Expect.that(
                        number.doubleValue() >= key.min() && number.doubleValue() <= key.max(),
                        "the default of " + name(component) + " is " + value + ", outside of what it allows");
            } else if (value instanceof String text && key.allowed().length > 0) {
                Expect.that(
                        List.of(key.allowed()).contains(text),
                        "the default of " + name(component) + " is '" + value + "', which is not among "
                                + List.of(key.allowed()));
            }
        }
    }

    private static void withoutKeys(Provider<?> provider) throws Exception {
        String refusal = Expect.refusal(() -> bind(provider, Map.of()));
        if (refusal != null) {
            List<String> required =
                    components(provider).stream().map(ConfigurationRules::name).toList();
            Expect.that(
                    required.stream().anyMatch(refusal::contains),
                    "without keys it is refused, and no key is named: " + refusal);
        }
    }

    private static <C extends Record> C bind(Provider<C> provider, Map<String, Object> keys) {
        return ConfigurationBinder.bind(provider.configuration(), keys, "tck");
    }

    private static void unknownKey(Provider<?> provider) throws Exception {
        Map<String, Object> keys = new LinkedHashMap<>(valid(provider));
        keys.put("tck_unknown", 1L);
        String refusal = Expect.refused(() -> bind(provider, keys), "the key tck_unknown");
        Expect.that(refusal.contains("tck_unknown"), "the refusal does not name the key: " + refusal);
    }

    /** Keys that bind: none, or a plain value for every key that is required. */
    private static Map<String, Object> valid(Provider<?> provider) {
        Map<String, Object> keys = new LinkedHashMap<>();
        for (RecordComponent component : components(provider)) {
            Key key = component.getAnnotation(Key.class);
            if (key != null && key.required()) {
                keys.put(name(component), plain(component, key));
            }
        }
        return keys;
    }

    private static Object plain(RecordComponent component, Key key) {
        Class<?> type = component.getType();
        if (key.path()) {
            return ".";
        }
        if (key.allowed().length > 0) {
            return key.allowed()[0];
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return (long) Math.max(1, key.min());
        }
        if (type == double.class || type == Double.class) {
            return Math.max(Math.min(1, key.max()), key.min());
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0].toString().toLowerCase(Locale.ROOT);
        }
        if (Map.class.isAssignableFrom(type)) {
            Type value = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
            return Map.of("tck", value instanceof ParameterizedType ? List.of("tck") : "tck");
        }
        return List.class.isAssignableFrom(type) ? List.of("tck") : "tck";
    }

    /** A configuration that binds, if plain values do. */
    private static Optional<Record> bound(Provider<?> provider) {
        try {
            return Optional.of(bind(provider, valid(provider)));
        } catch (ConfigurationException refused) {
            return Optional.empty();
        }
    }

    private static void everyValue(Provider<?> provider) throws Exception {
        Map<String, Object> valid = valid(provider);
        for (RecordComponent component : components(provider)) {
            for (Object value : HOSTILE) {
                Map<String, Object> keys = new LinkedHashMap<>(valid);
                keys.put(name(component), value);
                try {
                    Expect.refusal(() -> bind(provider, keys));
                } catch (RuntimeException thrown) {
                    throw new RuleBroken(name(component) + ": " + value + " made it throw " + thrown, thrown);
                }
            }
        }
    }

    private static void comesBack(Provider<?> provider) {
        Record configuration = bound(provider)
                .orElseThrow(() -> new NotApplicable("no plain values for its required keys make a configuration"));
        Map<String, Object> keys = ConfigurationBinder.toMap(configuration);
        Expect.equal(bind(provider, keys), configuration, "the configuration read from " + keys);
    }

    private static void summary(Provider<?> provider) {
        String summary = provider.summary();
        Expect.that(
                summary != null && !summary.isBlank() && summary.lines().count() == 1 && summary.length() <= 120,
                "the summary is '" + summary + "'");
    }

    private static void sameAnswers(Provider<?> provider) {
        String id = provider.id();
        String version = provider.version();
        String summary = provider.summary();
        Class<?> configuration = provider.configuration();
        for (int i = 0; i < 3; i++) {
            Expect.equal(provider.id(), id, "the id when asked again");
            Expect.equal(provider.version(), version, "the version when asked again");
            Expect.equal(provider.summary(), summary, "the summary when asked again");
            Expect.equal(provider.configuration(), configuration, "the configuration when asked again");
        }
    }

    private static void documented(Provider<?> provider) {
        if (!(provider instanceof MethodProvider<?> method)) {
            throw new NotApplicable("only methods carry documentation");
        }
        Documentation documentation = method.documentation();
        Expect.that(documentation != null, "there is no documentation");
        for (RecordComponent part : Documentation.class.getRecordComponents()) {
            try {
                Object text = part.getAccessor().invoke(documentation);
                Expect.that(
                        text instanceof String string && !string.isBlank(),
                        "the documentation says nothing about its " + part.getName());
            } catch (ReflectiveOperationException unreadable) {
                throw new IllegalStateException(unreadable);
            }
        }
    }

    private static void value(Provider<?> provider) {
        Record one = bound(provider)
                .orElseThrow(() -> new NotApplicable("no plain values for its required keys make a configuration"));
        Record two = bound(provider).orElseThrow();
        Expect.equal(two, one, "a configuration of the same keys");
        Expect.equal(two.hashCode(), one.hashCode(), "the hash code of a configuration of the same keys");
    }
}
