package dev.graft.kernel.checkpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A server that answers as the hub does: large files are tagged with their SHA-256 and served from another place (the
 * second port), small ones with Git's SHA-1.
 */
final class HubServer implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final List<String> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    /** Bytes after which the next answers break off, one entry for each. */
    final List<Integer> breaks = new CopyOnWriteArrayList<>();

    String neededToken;
    byte[] sentInstead;
    boolean ranges = true;

    private final HttpServer hub = start(this::answer);
    private final HttpServer storage = start(this::store);

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }

    private static HttpServer start(HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    handler.handle(exchange);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(exchange.getRequestMethod() + " " + path + (authorization == null ? "" : " " + authorization));
        if (neededToken != null && !("Bearer " + neededToken).equals(authorization)) {
            exchange.sendResponseHeaders(401, -1);
        } else if (path.equals("/api/models/org/name/revision/main")) {
            send(exchange, listing().getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith("/org/name/resolve/" + COMMIT + "/")) {
            file(exchange, path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1));
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + digest("SHA-256", content) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + storage.getAddress().getPort() + "/" + name);
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("ETag", "W/\"" + digest("SHA-1", head, content) + '"');
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            send(exchange, content);
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String path = exchange.getRequestURI().getPath();
        requests.add("STORAGE " + path + (range == null ? "" : " " + range)
                + (authorization == null ? "" : " " + authorization));
        byte[] content = sentInstead == null ? files.get(path.substring(1)) : sentInstead;
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        int end = breaks.isEmpty() ? content.length : Math.min(content.length, from + breaks.remove(0));
        exchange.getResponseBody().write(content, from, end - from);
        exchange.getResponseBody().flush();
    }

    private String listing() {
        List<String> siblings = new ArrayList<>();
        files.keySet().forEach(name -> siblings.add("{\"rfilename\":\"" + name + "\"}"));
        return siblings.stream().collect(Collectors.joining(",", "{\"sha\":\"" + COMMIT + "\",\"siblings\":[", "]}"));
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private static String digest(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
