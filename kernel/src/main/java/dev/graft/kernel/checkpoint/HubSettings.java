package dev.graft.kernel.checkpoint;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where models come from when they are named by id.
 *
 * @param cache the folder that holds {@code models--org--name} folders
 * @param endpoint the server to download from
 * @param token sent to that server alone, if there is one
 * @param offline whether downloading is forbidden
 */
public record HubSettings(Path cache, URI endpoint, Optional<String> token, boolean offline) {
    private static final String SERVER = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /**
     * Reads the variables that Hugging Face's own programs read: {@code HF_HUB_CACHE}, {@code HF_HOME},
     * {@code XDG_CACHE_HOME}, {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}.
     *
     * @param environment the process's environment
     * @param home the user's home directory
     * @throws ConfigurationException if {@code HF_ENDPOINT} is no address or the token's file cannot be read
     */
    public static HubSettings from(Map<String, String> environment, Path home) {
        Path root = path(environment, home, "HF_HOME")
                .orElseGet(() -> path(environment, home, "XDG_CACHE_HOME")
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface"));
        Path cache = path(environment, home, "HF_HUB_CACHE").orElse(root.resolve("hub"));
        Path tokenFile = path(environment, home, "HF_TOKEN_PATH").orElse(root.resolve("token"));
        Optional<String> token = value(environment, "HF_TOKEN").or(() -> read(tokenFile));
        boolean offline = Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
                .map(name -> value(environment, name))
                .flatMap(Optional::stream)
                .anyMatch(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)));
        return new HubSettings(
                cache, endpoint(value(environment, "HF_ENDPOINT").orElse(SERVER)), token.map(String::strip), offline);
    }

    private static URI endpoint(String text) {
        String address = text.replaceAll("/+$", "");
        if (!address.matches("https?://[^/\\s]+(/\\S*)?")) {
            throw new ConfigurationException("HF_ENDPOINT is '" + text + "', but must be an address such as " + SERVER);
        }
        return URI.create(address);
    }

    private static Optional<Path> path(Map<String, String> environment, Path home, String name) {
        return value(environment, name)
                .map(text -> text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    private static Optional<String> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file)).filter(text -> !text.isBlank());
        } catch (IOException e) {
            throw new ConfigurationException("the token file " + file + " cannot be read: " + e, e);
        }
    }
}
