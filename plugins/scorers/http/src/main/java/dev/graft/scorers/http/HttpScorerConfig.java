package dev.graft.scorers.http;

import dev.graft.spi.config.Key;

/**
 * Configuration of scoring by a service.
 *
 * @param url where answers are sent
 * @param batchSize answers of one request
 * @param timeout seconds a request may take
 * @param retries how often a request is sent again
 * @param tokenVariable name of the environment variable with a bearer token, or null
 */
public record HttpScorerConfig(
        @Key(value = "Address that answers are sent to, http or https", required = true)
        String url,

        @Key(value = "Answers of one request", defaultsTo = "32", min = 1)
        int batchSize,

        @Key(value = "Seconds a request may take", defaultsTo = "60", min = 1)
        int timeout,

        @Key(
                value = "How often a request is sent again where the service cannot be reached or is busy (429, 5xx)",
                defaultsTo = "3",
                min = 0)
        int retries,

        @Key("Name of the environment variable that holds a bearer token for the service")
        String tokenVariable) {}
