package dev.graft.scorers.http;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Offers scoring by a service. */
public final class HttpScorerProvider implements ScorerProvider<HttpScorerConfig> {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** Does nothing. */
    public HttpScorerProvider() {}

    @Override
    public String id() {
        return "http";
    }

    @Override
    public String summary() {
        return "scores by a service that takes texts and gives numbers, over HTTP";
    }

    @Override
    public Class<HttpScorerConfig> configuration() {
        return HttpScorerConfig.class;
    }

    /**
     * A scorer; nothing is sent yet.
     *
     * @throws ConfigurationException if {@code url} is no address or the token's variable is not set
     */
    @Override
    public Scorer create(HttpScorerConfig configuration, Judges judges) {
        return new HttpScorer(configuration, address(configuration.url()), token(configuration.tokenVariable()));
    }

    private static URI address(String url) {
        try {
            URI address = URI.create(url);
            if (address.getHost() != null
                    && SCHEMES.contains(String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT))) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("url of scorer 'http' is '" + url + "', which is no address", e);
        }
        throw new ConfigurationException("url of scorer 'http' is '" + url
                + "'; it must be an address that begins with http:// or https:// and names a host");
    }

    private static String token(String variable) {
        if (variable == null) {
            return null;
        }
        String token = System.getenv(variable);
        if (token == null || token.isBlank()) {
            throw new ConfigurationException("token_variable of scorer 'http' names the environment variable "
                    + variable + ", which is not set");
        }
        return token;
    }
}
