package dev.graft.standalone.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.host.HostKind;
import dev.graft.tck.host.HostedJar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A plugin with libraries of its own inside. */
class HttpScorerInHostsTest {
    @TempDir
    private Path scratch;

    @ParameterizedTest
    @EnumSource
    void itFindsItsLibraryInsideItsJar(HostKind kind) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] reply = "{\"scores\": [0.25]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
        Path jar = ShippedJars.all(scratch).entrySet().stream()
                .filter(entry -> entry.getKey().matches("(graft-scorer|scorers)-http.*"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        try (HostedJar hosted = HostedJar.open(kind, jar);
                Scorer scorer = scorer(
                        (ScorerProvider<?>) hosted.plugins().get(0).provider(),
                        "http://localhost:" + server.getAddress().getPort())) {
            assertThat(scorer.score(List.of(new Answer("Q", "A", new int[] {1, 2}, 1, Map.of()))))
                    .containsExactly(0.25);
        } finally {
            server.stop(0);
        }
    }

    private static <C extends Record> Scorer scorer(ScorerProvider<C> provider, String url) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of("url", url), "scorer"), null);
    }
}
