package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.scorer.ScorerDeclaration;
import dev.graft.tck.scorer.ScorerDeclaration.Tried;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ShippedScorersTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final PluginRegistry registry = new ServiceLoaderHost(getClass().getClassLoader()).registry();

    @TestFactory
    Stream<DynamicTest> everyShippedScorerKeepsEveryRule() {
        return registry.plugins(PluginKind.SCORER).stream()
                .map(plugin -> (ScorerProvider<?>) plugin.provider())
                .map(scorer -> DynamicTest.dynamicTest(
                        scorer.id(), () -> keepsEveryRule(scorer, ScorerDeclaration.of(scorer))));
    }

    @Test
    void aServiceThatIsThereKeepsEveryRule() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", ShippedScorersTest::lengths);
        server.start();
        try {
            String url = "http://localhost:" + server.getAddress().getPort() + "/";
            ScorerProvider<?> http = (ScorerProvider<?>)
                    registry.plugin(PluginKind.SCORER, "http").provider();

            keepsEveryRule(
                    http,
                    new ScorerDeclaration(
                            List.of(Tried.of(Map.of("url", url)), Tried.of(Map.of("url", url, "batch_size", 2))),
                            List.of(Map.of("url", "nowhere"))));
        } finally {
            server.stop(0);
        }
    }

    /** Scores answers by their lengths. */
    private static void lengths(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<Integer> scores = new ArrayList<>();
            JSON.readTree(exchange.getRequestBody())
                    .path("answers")
                    .forEach(answer -> scores.add(answer.asText().length()));
            byte[] body = JSON.writeValueAsBytes(Map.of("scores", scores));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void keepsEveryRule(ScorerProvider<?> scorer, ScorerDeclaration declaration) {
        try (Bench bench = new Bench(registry, "torch", 1)) {
            List<Outcome> outcomes = Kit.scorer(bench, scorer, declaration)
                    .outcomes(rule -> true)
                    .toList();

            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.status() == Outcome.Status.FAILED)
                    .extracting(Outcome::explanation)
                    .isEmpty();
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome.rule().number().equals("15.06"))
                    .extracting(Outcome::status)
                    .containsExactly(Outcome.Status.PASSED);
            assertThat(bench.engine().liveArrays()).isZero();
        }
    }
}
