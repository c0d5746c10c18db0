package dev.graft.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void helpTeachesWithExamplesAndEndsWell() {
        Run run = Run.graft("--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: graft").contains("Examples:").contains("graft train");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "estimate",
                "recommend",
                "resume",
                "eval",
                "predict",
                "generate",
                "chat",
                "merge",
                "inspect",
                "verify",
                "plugins",
                "schema",
                "env",
                "completion",
                "plugins list",
                "plugins describe"
            })
    void everyCommandExplainsItself(String command) {
        String[] arguments = (command + " --help").split(" ", -1);

        Run run = Run.graft(arguments);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Usage: graft " + command.split(" ", -1)[0])
                .contains("Examples:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plugns | graft has no command 'plugns'; did you mean 'plugins'? (see graft --help)",
                "schema --jsn | graft schema has no option '--jsn'; did you mean '--json'? (see graft schema --help)",
                "schema now | 'now' is one argument too many for graft schema (see graft schema --help)",
                "plugins describe | Missing required parameter: 'ID' (see graft plugins describe --help)"
            })
    void aWordThatFitsNowhereIsBadInput(String command, String message) {
        Run run = Run.graft(command.split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("graft: " + message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void noCommandAtAllShowsTheUsage() {
        Run run = Run.graft();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("Usage: graft");
    }

    @Test
    void badInputIsOneSentenceWithoutAStackTrace() {
        Run run = Run.graft("plugins", "describe", "lorra");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("graft: there is no plugin 'lorra'; did you mean 'lora'?");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aStackTraceIsShownToWhoeverAsksForIt() {
        assertThat(Run.graft("plugins", "describe", "lorra", "--stack-trace").err())
                .contains("ConfigurationException")
                .contains("\tat dev.graft");
    }

    @Test
    void pluginsAreListedForPeopleAndForPrograms() throws IOException {
        assertThat(Run.graft("plugins").out()).contains("KIND", "method", "lora", "engine", "torch");

        Run run = Run.graft("plugins", "list", "--kind", "method", "--json");

        assertThat(run.code()).isZero();
        assertThat(lines(run))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.path("kind").asText()).isEqualTo("method"));
        assertThat(lines(run)).extracting(line -> line.path("id").asText()).contains("lora", "full");
    }

    @Test
    void everyPluginCanBeDescribed() throws IOException {
        for (JsonNode plugin : lines(Run.graft("plugins", "--json"))) {
            String id = plugin.path("id").asText();

            Run run = Run.graft("plugins", "describe", id);

            assertThat(run.code()).as(id).isZero();
            assertThat(run.out()).contains(plugin.path("kind").asText() + " " + id + "@");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void theSchemaNamesEveryTechnique() throws IOException {
        Run run = Run.graft("schema");

        JsonNode schema = new ObjectMapper().readTree(run.out());
        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("properties").path("method").toString()).contains("\"lora\"", "\"full\"");
    }

    @Test
    void theEnvironmentIsToldWithoutAnEngineToo() throws IOException {
        JsonNode facts = lines(Run.graft("env", "--engine", "none", "--json")).get(0);

        assertThat(facts.path("cores").asInt()).isPositive();
        assertThat(facts.has("engine")).isFalse();
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(Run.graft("completion").out()).contains("complete -F", "plugins", "--stack-trace");
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(Run.graft("--version").out().lines())
                .singleElement()
                .asString()
                .startsWith("graft ");
    }

    private static List<JsonNode> lines(Run run) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}
