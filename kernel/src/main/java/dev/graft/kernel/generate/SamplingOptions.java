package dev.graft.kernel.generate;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the tokens of a row are chosen. The steps are those of transformers, in its order: repetition penalty, no end
 * token before the minimum, temperature, the most probable {@code topK}, the most probable with a mass of {@code topP}.
 *
 * @param maxNewTokens most tokens to generate, at least 1
 * @param minNewTokens tokens to generate before an end token may be chosen
 * @param temperature divisor of the logits; 0 = always the most probable token
 * @param topK number of most probable tokens to choose among; 0 = all
 * @param topP probability mass to choose among (Holtzman et al. 2020); 1 = all
 * @param repetitionPenalty divisor of positive and factor of negative logits of tokens that the row holds already
 *     (Keskar et al. 2019); 1 = none
 * @param stopStrings texts before which the result is cut off
 * @param endTokens ids that end the text
 * @param seed of the random numbers; the same seed gives the same tokens
 */
public record SamplingOptions(
        int maxNewTokens,
        int minNewTokens,
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        List<String> stopStrings,
        Set<Integer> endTokens,
        long seed) {
    private static final int TRANSFORMERS_TOP_K = 50;

    /** Checks the ranges. */
    public SamplingOptions {
        stopStrings = List.copyOf(stopStrings);
        endTokens = Set.copyOf(endTokens);
        require(maxNewTokens >= 1, "max_new_tokens", maxNewTokens, "at least 1");
        require(minNewTokens >= 0, "min_new_tokens", minNewTokens, "at least 0");
        require(temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, "0 (greedy) or more");
        require(topK >= 0, "top_k", topK, "0 (all) or more");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition_penalty",
                repetitionPenalty,
                "above 0");
        require(stopStrings.stream().noneMatch(String::isEmpty), "stop", "an empty string", "texts of some length");
    }

    /** The most probable token every time. */
    public static SamplingOptions greedy(int maxNewTokens) {
        return new SamplingOptions(maxNewTokens, 0, 0, 0, 1, 1, List.of(), Set.of(), 0);
    }

    /**
     * What a checkpoint's {@code generation_config.json} asks for, with transformers' defaults for what it leaves out.
     *
     * @param maxNewTokens where the file has no {@code max_new_tokens}
     */
    public static SamplingOptions of(CheckpointConfig generation, int maxNewTokens) {
        boolean sample = generation.flag("do_sample", false);
        Set<Integer> ends = new TreeSet<>();
        generation.numbers("eos_token_id").forEach(id -> ends.add(id.intValue()));
        return new SamplingOptions(
                generation.integer("max_new_tokens", maxNewTokens),
                generation.integer("min_new_tokens", 0),
                sample ? generation.number("temperature", 1) : 0,
                sample ? generation.integer("top_k", TRANSFORMERS_TOP_K) : 0,
                sample ? generation.number("top_p", 1) : 1,
                generation.number("repetition_penalty", 1),
                List.of(),
                ends,
                0);
    }

    /** Other limits on the number of new tokens. */
    public SamplingOptions withLength(int min, int max) {
        return new SamplingOptions(max, min, temperature, topK, topP, repetitionPenalty, stopStrings, endTokens, seed);
    }

    /** Another temperature. */
    public SamplingOptions withTemperature(double other) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, other, topK, topP, repetitionPenalty, stopStrings, endTokens, seed);
    }

    /** Other bounds on what to choose among. */
    public SamplingOptions withTop(int k, double p) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, temperature, k, p, repetitionPenalty, stopStrings, endTokens, seed);
    }

    /** Another repetition penalty. */
    public SamplingOptions withRepetitionPenalty(double other) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, temperature, topK, topP, other, stopStrings, endTokens, seed);
    }

    /** Other stop strings. */
    public SamplingOptions withStopStrings(List<String> other) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, temperature, topK, topP, repetitionPenalty, other, endTokens, seed);
    }

    /** Other end tokens. */
    public SamplingOptions withEndTokens(Set<Integer> other) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, temperature, topK, topP, repetitionPenalty, stopStrings, other, seed);
    }

    /** Another seed. */
    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(
                maxNewTokens, minNewTokens, temperature, topK, topP, repetitionPenalty, stopStrings, endTokens, other);
    }

    private static void require(boolean holds, String key, Object found, String allowed) {
        if (!holds) {
            throw new ConfigurationException(key + " is " + found + "; it must be " + allowed);
        }
    }
}
