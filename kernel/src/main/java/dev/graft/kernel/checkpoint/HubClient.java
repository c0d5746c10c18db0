package dev.graft.kernel.checkpoint;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Speaks to a Hugging Face server. The token goes to the server that the settings name, and to no other. */
final class HubClient {
    private static final int MOST_REDIRECTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._-]+");

    private final HubSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HubClient(HubSettings settings) {
        this.settings = settings;
    }

    /** A state of a repository: its commit and the names of its files. */
    record Listing(String commit, List<String> files) {}

    /** What the server says about a file: a tag that changes with its content, and its size or -1. */
    record Metadata(String tag, long size) {}

    /** Asks for the files of a repository. */
    Listing list(String id, String revision) throws IOException {
        URI address = URI.create(settings.endpoint() + "/api/models/" + id + "/revision/" + encode(revision));
        HttpResponse<InputStream> response = send(address, "GET", 0, false);
        try (InputStream body = response.body()) {
            requireFound(response, "model '" + id + "' at revision '" + revision + "'");
            Map<String, Object> info = JsonFile.parse(body.readAllBytes(), "the answer of " + address);
            if (!(info.get("sha") instanceof String commit)
                    || !COMMIT.matcher(commit).matches()) {
                throw new ConfigurationException("the answer of " + address + " must have a commit under 'sha'");
            }
            List<String> files = new ArrayList<>();
            if (info.get("siblings") instanceof List<?> siblings) {
                for (Object sibling : siblings) {
                    files.add(requirePlain(address, sibling));
                }
            }
            return new Listing(commit, files);
        }
    }

    /** Asks about one file without its content. */
    Metadata metadata(String id, String commit, String file) throws IOException {
        URI address = address(id, commit, file);
        HttpResponse<InputStream> response = send(address, "HEAD", 0, true);
        response.body().close();
        if (response.statusCode() >= 400) {
            requireFound(response, address.toString());
        }
        String tag = header(response, "x-linked-etag")
                .or(() -> header(response, "etag"))
                .orElse("")
                .replaceAll("^W/|\"", "");
        if (!TAG.matcher(tag).matches()) {
            throw new ConfigurationException(
                    address + " was answered without a usable ETag: the server is no Hugging Face server");
        }
        String size = header(response, "x-linked-size")
                .or(() -> header(response, "content-length"))
                .orElse("-1");
        return new Metadata(tag, size.matches("\\d{1,18}") ? Long.parseLong(size) : -1);
    }

    /**
     * Asks for a file's content.
     *
     * @param from first byte wanted; the answer's status 206 says that it begins there, 200 that it begins at 0
     */
    HttpResponse<InputStream> content(String id, String commit, String file, long from) throws IOException {
        URI address = address(id, commit, file);
        HttpResponse<InputStream> response = send(address, "GET", from, false);
        if (response.statusCode() != 206 && response.statusCode() != 200) {
            response.body().close();
            requireFound(response, address.toString());
        }
        return response;
    }

    private URI address(String id, String commit, String file) {
        String path = Arrays.stream(file.split("/", -1)).map(HubClient::encode).collect(Collectors.joining("/"));
        return URI.create(settings.endpoint() + "/" + id + "/resolve/" + commit + "/" + path);
    }

    private HttpResponse<InputStream> send(URI first, String method, long from, boolean untilTagged)
            throws IOException {
        URI address = first;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response = send(request(address, method, from));
            Optional<String> location = header(response, "location");
            boolean tagged = untilTagged && header(response, "x-linked-etag").isPresent();
            if (response.statusCode() / 100 != 3 || location.isEmpty() || tagged) {
                return response;
            }
            response.body().close();
            address = next(address, location.get());
        }
        throw new ConfigurationException(first + " was redirected more than " + MOST_REDIRECTS + " times");
    }

    private static URI next(URI address, String location) {
        try {
            URI next = address.resolve(location);
            if ("https".equals(next.getScheme()) || address.getScheme().equals(next.getScheme())) {
                return next;
            }
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException(
                    address + " was redirected to " + location + ", which is no address", malformed);
        }
        throw new ConfigurationException(
                address + " was redirected to " + location + ", but only https is followed from there");
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("the download was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private HttpRequest request(URI address, String method, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE)
                .header("User-Agent", "graft");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        boolean home = settings.endpoint().getScheme().equals(address.getScheme())
                && settings.endpoint().getAuthority().equals(address.getAuthority());
        if (home) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request.build();
    }

    private static void requireFound(HttpResponse<?> response, String what) {
        int status = response.statusCode();
        if (status == 200) {
            return;
        }
        String server = response.uri().getAuthority();
        throw new ConfigurationException(
                switch (status) {
                    case 401, 403 ->
                        server + " refuses " + what + " (status " + status
                                + "): it does not exist, or is private or gated and HF_TOKEN must hold a token that may"
                                + " read it";
                    case 404 -> server + " has no " + what;
                    default -> server + " answered status " + status + " for " + what + "; try again later";
                });
    }

    private static String requirePlain(URI address, Object sibling) {
        if (sibling instanceof Map<?, ?> map
                && map.get("rfilename") instanceof String name
                && !name.contains("\\")
                && !name.contains(":")
                && Arrays.stream(name.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))) {
            return name;
        }
        throw new ConfigurationException("the answer of " + address + " lists " + sibling
                + ", but each file must have a relative path under 'rfilename'");
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
