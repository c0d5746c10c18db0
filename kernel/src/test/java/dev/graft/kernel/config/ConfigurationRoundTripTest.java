package dev.graft.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfigurationRoundTripTest {
    enum Shade {
        DARK,
        VERY_LIGHT
    }

    record Part(
            @Key(value = "How many", defaultsTo = "3") int count,
            @Key("Its name") String name) {}

    record Whole(
            @Key("A number") Long whole,
            @Key(value = "A number", defaultsTo = "0.5") Double number,
            @Key(value = "A switch", defaultsTo = "true") Boolean flag,

            @Key(value = "A shade", defaultsTo = "very_light")
            Shade shade,

            @Key("Names") Choice choice,
            @Key("Parts") List<Part> parts,
            @Key("Texts") Map<String, String> texts,
            @Key("A part") Part part) {}

    @Property(tries = 300)
    void aRecordWrittenAndReadAgainIsEqual(@ForAll("wholes") Whole whole) {
        assertThat(ConfigurationBinder.bind(Whole.class, ConfigurationBinder.toMap(whole), ""))
                .isEqualTo(whole);
    }

    @Property(tries = 300)
    void aRecordWrittenAsYamlAndReadAgainIsEqual(@ForAll("wholes") Whole whole) {
        String yaml = YamlText.of(ConfigurationBinder.toMap(whole));

        assertThat(ConfigurationBinder.bind(
                        Whole.class, YamlDocument.parse(yaml, "written.yaml").tree(), ""))
                .isEqualTo(whole);
    }

    @Provide
    Arbitrary<Whole> wholes() {
        return Combinators.combine(
                        Arbitraries.longs().injectNull(0.2),
                        Arbitraries.doubles().injectNull(0.2),
                        Arbitraries.of(true, false).injectNull(0.2),
                        Arbitraries.of(Shade.class).injectNull(0.2),
                        choices().injectNull(0.2),
                        parts().list().ofMaxSize(3),
                        Arbitraries.maps(texts(), texts()).ofMaxSize(3),
                        parts().injectNull(0.2))
                .as(Whole::new);
    }

    private static Arbitrary<Part> parts() {
        return Combinators.combine(Arbitraries.integers(), texts().injectNull(0.2))
                .as(Part::new);
    }

    private static Arbitrary<Choice> choices() {
        return Arbitraries.oneOf(
                texts().map(Choice::of), texts().list().ofMaxSize(3).map(Choice::of));
    }

    /** Words that YAML takes for something else, punctuation, line ends, and any printable text. */
    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "1",
                        "1e-4",
                        "null",
                        "~",
                        "",
                        "yes",
                        "true",
                        "- a",
                        "a: b",
                        "a #b",
                        " a ",
                        "'",
                        "\"",
                        "\n",
                        "a\nb\n",
                        "\t",
                        "&a",
                        "*a",
                        "!x",
                        "%",
                        "@",
                        "`",
                        "[",
                        "{",
                        "?",
                        "|",
                        ">",
                        "0x1",
                        ".inf",
                        "=",
                        "<<",
                        "2026-01-01",
                        "\\n",
                        "\u00e9\u4e2d\ud83d\ude00"),
                Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(20),
                Arbitraries.strings().alpha().ofMaxLength(150));
    }
}
