package dev.graft.tokenizers.huggingface.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-04T15:06:07Z"), ZoneOffset.UTC);

    static Stream<Arguments> cases() throws IOException {
        JsonNode all = JSON.readTree(TemplateTest.class.getResourceAsStream("cases.json"));
        Map<String, Object> variables = JSON.convertValue(all.path("variables"), new TypeReference<>() {});
        return StreamSupport.stream(all.path("cases").spliterator(), false)
                .map(expected -> Arguments.of(expected.path("template").asText(), variables, expected));
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("cases")
    void templatesGiveWhatTransformersGives(String template, Map<String, Object> variables, JsonNode expected) {
        if (expected.has("error")) {
            assertThatThrownBy(() -> Template.parse(template, CLOCK).render(variables))
                    .isInstanceOf(TemplateException.class);
            return;
        }
        Template.Rendered rendered = Template.parse(template, CLOCK).render(variables);

        assertThat(rendered.text()).isEqualTo(expected.path("rendered").asText());
        if (expected.has("generated")) {
            assertThat(rendered.generated().toArray(new int[0][]))
                    .isDeepEqualTo(JSON.convertValue(expected.path("generated"), int[][].class));
        }
    }

    @Test
    void aTemplatesOwnErrorIsPassedOnAsItIs() {
        assertThatThrownBy(() -> render("{{ raise_exception('roles must alternate') }}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("roles must alternate");
    }

    @Test
    void aMistakeNamesItsLine() {
        assertThatThrownBy(() -> Template.parse("a\nb\n{% iff x %}", CLOCK))
                .isInstanceOf(TemplateException.class)
                .hasMessage("Encountered unknown tag 'iff'. (line 3 of the template)");
    }

    @Test
    void macrosThatNeverEndAreStopped() {
        assertThatThrownBy(() -> render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("200 deep");
    }

    @Test
    void datesFollowTheClock() {
        assertThat(render("{{ strftime_now('%Y-%m-%d %H:%M:%S %A %B %b %a %p %I %j %y %e %%') }}", Map.of()))
                .isEqualTo("2026-03-04 15:06:07 Wednesday March Mar Wed PM 03 063 26  4 %");
    }

    @Property(tries = 300)
    void textsPassThroughUntouched(@ForAll String text) {
        assertThat(render("{{ x }}", Map.of("x", text))).isEqualTo(text);
        assertThat(render("{% set y = x %}{{ [y][0] ~ '' }}", Map.of("x", text)))
                .isEqualTo(text);
    }

    @Property(tries = 300)
    void jsonOfATextReadsBackAsTheText(@ForAll String text) throws IOException {
        String json = render("{{ x | tojson(ensure_ascii=true) }}", Map.of("x", text));

        assertThat(JSON.readValue(json, String.class)).isEqualTo(text);
    }

    private static String render(String template, Map<String, Object> variables) {
        return Template.parse(template, CLOCK).render(variables).text();
    }
}
