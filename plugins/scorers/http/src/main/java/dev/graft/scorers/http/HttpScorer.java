package dev.graft.scorers.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends answers as {@code {"model", "messages", "prompts", "answers", "records"}} and reads {@code {"scores"}}. A message is prompt and
 * answer together, which is all that the reward servers of LLaMA-Factory look at.
 */
final class HttpScorer implements Scorer {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int OK = 200;
    private static final long FIRST_WAIT_MILLIS = 250;
    private static final int SHOWN = 200;

    private final HttpScorerConfig config;
    private final URI address;
    private final String token;
    private final HttpClient client;

    HttpScorer(HttpScorerConfig config, URI address, String token) {
        this.config = config;
        this.address = address;
        this.token = token;
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(config.timeout()))
                .build();
    }

    @Override
    public double[] score(List<Answer> answers) {
        double[] scores = new double[answers.size()];
        for (int start = 0; start < scores.length; start += config.batchSize()) {
            List<Answer> part = answers.subList(start, Math.min(scores.length, start + config.batchSize()));
            double[] own = scores(part, send(body(part)));
            System.arraycopy(own, 0, scores, start, own.length);
        }
        return scores;
    }

    private static byte[] body(List<Answer> answers) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", "model");
        body.put(
                "messages",
                answers.stream().map(answer -> answer.prompt() + answer.text()).toList());
        body.put("prompts", answers.stream().map(Answer::prompt).toList());
        body.put("answers", answers.stream().map(Answer::text).toList());
        body.put("records", answers.stream().map(Answer::fields).toList());
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("a record of the data cannot be sent to a scorer: " + e.getMessage(), e);
        }
    }

    private String send(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(config.timeout()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        String problem = "";
        for (int attempt = 0; attempt <= config.retries(); attempt++) {
            pause(attempt);
            try {
                HttpResponse<String> response =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (response.statusCode() == OK) {
                    return response.body();
                }
                problem = "answered with status " + response.statusCode() + ": " + shown(response.body());
                if (response.statusCode() != TOO_MANY_REQUESTS && response.statusCode() < SERVER_ERROR) {
                    throw new ConfigurationException("the scorer at " + address + " " + problem);
                }
            } catch (IOException e) {
                problem = "cannot be reached: " + reason(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        throw new ConfigurationException(
                "the scorer at " + address + " " + problem + " (tried " + (config.retries() + 1) + " times)");
    }

    private static String reason(IOException failure) {
        if (failure instanceof ConnectException) {
            return "nothing answers at this address";
        }
        return failure.getMessage() == null ? "the connection failed" : failure.getMessage();
    }

    private void pause(int attempt) {
        if (attempt == 0) {
            return;
        }
        try {
            Thread.sleep(FIRST_WAIT_MILLIS << Math.min(attempt - 1, 6));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private ConfigurationException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ConfigurationException("the scorer at " + address + " was not waited for", e);
    }

    private double[] scores(List<Answer> answers, String response) {
        JsonNode scores;
        try {
            scores = JSON.readTree(response).path("scores");
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("the scorer at " + address + " gave no JSON: " + shown(response), e);
        }
        if (!scores.isArray() || scores.size() != answers.size()) {
            throw new ConfigurationException("the scorer at " + address + " gave " + shown(response)
                    + " where an object with " + answers.size() + " numbers under 'scores' is expected");
        }
        double[] numbers = new double[scores.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!scores.get(i).isNumber()) {
                throw new ConfigurationException("the scorer at " + address + " gave the score " + scores.get(i)
                        + " for '" + shown(answers.get(i).text()) + "'; scores must be numbers");
            }
            numbers[i] = scores.get(i).doubleValue();
        }
        return numbers;
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
