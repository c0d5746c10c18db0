package dev.graft.scorers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpScorerTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> requests = new ArrayList<>();
    private HttpServer server;
    private Function<JsonNode, String> reply = HttpScorerTest::lengths;
    private int status = 200;
    private int busy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/score", exchange -> {
            try (exchange;
                    InputStream body = exchange.getRequestBody()) {
                JsonNode request = JSON.readTree(body.readAllBytes());
                requests.add(request);
                int code = busy-- > 0 ? 503 : status;
                byte[] bytes = reply.apply(request).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(code, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String lengths(JsonNode request) {
        String scores = IntStream.range(0, request.get("answers").size())
                .mapToObj(i ->
                        String.valueOf(request.get("answers").get(i).asText().length()))
                .collect(Collectors.joining(","));
        return "{\"scores\": [" + scores + "]}";
    }

    private Scorer scorer(int batchSize, int retries) {
        String url = "http://localhost:" + server.getAddress().getPort() + "/score";
        return new HttpScorerProvider().create(new HttpScorerConfig(url, batchSize, 5, retries, null), null);
    }

    private static Answer answer(String text) {
        return new Answer("Q ", text, new int[] {1, 2}, 1, Map.of("gold", "yes"));
    }

    @Test
    void answersAreSentInBatchesWithTheirPromptsAndRecords() {
        try (Scorer scorer = scorer(2, 0)) {
            assertThat(scorer.score(List.of(answer("a"), answer("bcd"), answer("ef"))))
                    .containsExactly(1, 3, 2);
        }

        assertThat(requests).hasSize(2);
        assertThat(requests.get(0).get("messages").get(1).asText()).isEqualTo("Q bcd");
        assertThat(requests.get(0).get("prompts").get(0).asText()).isEqualTo("Q ");
        assertThat(requests.get(1).get("records").get(0).get("gold").asText()).isEqualTo("yes");
        assertThat(requests.get(1).get("answers")).hasSize(1);
    }

    @Test
    void aBusyServiceIsAskedAgain() {
        busy = 2;
        try (Scorer scorer = scorer(8, 2)) {
            assertThat(scorer.score(List.of(answer("abc")))).containsExactly(3);
        }
        assertThat(requests).hasSize(3);
    }

    @Test
    void aServiceThatStaysBusyIsOneSentence() {
        status = 503;
        reply = request -> "down for maintenance";
        try (Scorer scorer = scorer(8, 1)) {
            assertThatThrownBy(() -> scorer.score(List.of(answer("abc"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageMatching("the scorer at http://localhost:\\d+/score answered with status 503: down for"
                            + " maintenance \\(tried 2 times\\)");
        }
    }

    @Test
    void aRequestThatIsRefusedIsNotSentAgain() {
        status = 404;
        try (Scorer scorer = scorer(8, 5)) {
            assertThatThrownBy(() -> scorer.score(List.of(answer("abc"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("answered with status 404");
        }
        assertThat(requests).hasSize(1);
    }

    @Test
    void aServiceThatIsNotThereIsOneSentence() {
        server.stop(0);
        try (Scorer scorer = scorer(8, 1)) {
            assertThatThrownBy(() -> scorer.score(List.of(answer("abc"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageEndingWith("cannot be reached: nothing answers at this address (tried 2 times)");
        }
    }

    @Test
    void whatIsNoListOfNumbersIsRefused() {
        try (Scorer scorer = scorer(8, 0)) {
            for (String wrong : List.of("{\"scores\": [1, 2]}", "{\"scores\": 1}", "{}", "[1]")) {
                reply = request -> wrong;
                assertThatThrownBy(() -> scorer.score(List.of(answer("abc"))))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("gave " + wrong)
                        .hasMessageContaining("1 numbers under 'scores' is expected");
            }
            reply = request -> "{\"scores\": [\"good\"]}";
            assertThatThrownBy(() -> scorer.score(List.of(answer("abc"))))
                    .hasMessageContaining("gave the score \"good\" for 'abc'; scores must be numbers");
            reply = request -> "<html>";
            assertThatThrownBy(() -> scorer.score(List.of(answer("abc")))).hasMessageContaining("gave no JSON: <html>");
        }
    }

    @Test
    void addressesAndTokensAreCheckedBeforeAnythingIsSent() {
        HttpScorerProvider provider = new HttpScorerProvider();
        for (String url : List.of("ftp://host/x", "not an address", "http:///x", "localhost:80")) {
            assertThatThrownBy(() -> provider.create(new HttpScorerConfig(url, 1, 1, 0, null), null))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("url of scorer 'http' is '" + url + "'");
        }
        assertThatThrownBy(() ->
                        provider.create(new HttpScorerConfig("http://localhost", 1, 1, 0, "GRAFT_TEST_NO_SUCH"), null))
                .hasMessageContaining("GRAFT_TEST_NO_SUCH, which is not set");
    }
}
