package dev.graft.kernel.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSamplerTest {
    private static final float[] LOGITS = {0.5f, 2, -1, 1.5f, -3};
    private static final SamplingOptions SAMPLED = SamplingOptions.greedy(1).withTemperature(1);

    @Test
    void temperatureZeroTakesTheFirstOfTheMostProbable() {
        assertThat(choose(SamplingOptions.greedy(1), 1, 3, 3, 2)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "0.5, 0, 1", "2, 0, 1", "1, 3, 1", "1, 0, 0.8", "0.7, 4, 0.9"})
    void tokensComeAsOftenAsTheirProbabilitySays(double temperature, int topK, double topP) {
        int draws = 20_000;
        SamplingOptions options = SAMPLED.withTemperature(temperature).withTop(topK, topP);
        TokenSampler sampler = new TokenSampler(options, new int[0]);
        double[] frequency = new double[LOGITS.length];
        for (int i = 0; i < draws; i++) {
            frequency[sampler.choose(LOGITS.clone())] += 1.0 / draws;
        }

        assertThat(frequency).containsExactly(probabilities(temperature, topK, topP), within(0.015));
    }

    /** By the definition: ranks in order, cut after the k-th and after the one that reaches p, normalised. */
    private static double[] probabilities(double temperature, int topK, double topP) {
        int[] order = {1, 3, 0, 2, 4};
        int k = topK == 0 ? order.length : topK;
        double[] kept = new double[LOGITS.length];
        double total = 0;
        for (int rank = 0; rank < k; rank++) {
            kept[order[rank]] = Math.exp(LOGITS[order[rank]] / temperature);
            total += kept[order[rank]];
        }
        double mass = 0;
        for (int rank = 0; rank < k; rank++) {
            double share = kept[order[rank]];
            kept[order[rank]] = mass >= topP * total ? 0 : share;
            mass += kept[order[rank]];
        }
        for (int i = 0; i < kept.length; i++) {
            kept[i] /= mass;
        }
        return kept;
    }

    @Test
    void theRepetitionPenaltyWeakensWhatPromptAndTextHold() {
        SamplingOptions options = SamplingOptions.greedy(9).withRepetitionPenalty(2);
        TokenSampler sampler = new TokenSampler(options, new int[] {3});

        assertThat(sampler.choose(new float[] {1, 1.9f, -1, 3, 0})).isEqualTo(1);
        assertThat(sampler.choose(new float[] {1, 1.9f, -1, 1.9f, 0})).isZero();
        assertThat(sampler.choose(new float[] {-1, -1, -1.5f, -1, -9})).isEqualTo(2);
    }

    @Test
    void noEndTokenComesBeforeTheMinimum() {
        SamplingOptions options = SamplingOptions.greedy(9).withLength(2, 9).withEndTokens(Set.of(1, 99));
        TokenSampler sampler = new TokenSampler(options, new int[0]);

        assertThat(List.of(
                        sampler.choose(LOGITS.clone()), sampler.choose(LOGITS.clone()), sampler.choose(LOGITS.clone())))
                .containsExactly(3, 3, 1);
    }

    @Test
    void logitsThatAreNotFiniteAreAnError() {
        assertThatThrownBy(() -> choose(SamplingOptions.greedy(1), 1, Float.NaN, 3))
                .hasMessageContaining("logits are not finite");
    }

    @Test
    void aGenerationConfigIsReadAsTransformersReadsIt() {
        SamplingOptions greedy =
                SamplingOptions.of(config(Map.of("temperature", 0.6, "eos_token_id", 2, "max_new_tokens", 7)), 20);
        SamplingOptions sampled =
                SamplingOptions.of(config(Map.of("do_sample", true, "top_p", 0.9, "eos_token_id", List.of(2, 5))), 20);

        assertThat(greedy).isEqualTo(SamplingOptions.greedy(7).withEndTokens(Set.of(2)));
        assertThat(sampled)
                .isEqualTo(SamplingOptions.greedy(20)
                        .withTemperature(1)
                        .withTop(50, 0.9)
                        .withEndTokens(Set.of(2, 5)));
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        SamplingOptions options = SamplingOptions.greedy(1);

        assertThatThrownBy(() -> options.withTemperature(-1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("temperature is -1.0; it must be 0 (greedy) or more");
        assertThatThrownBy(() -> options.withTop(0, 0)).hasMessage("top_p is 0.0; it must be above 0 and at most 1");
        assertThatThrownBy(() -> options.withLength(0, 0)).hasMessage("max_new_tokens is 0; it must be at least 1");
    }

    private static JsonCheckpointConfig config(Map<String, Object> content) {
        return JsonCheckpointConfig.of(Path.of("generation_config.json"), content);
    }

    private static int choose(SamplingOptions options, float... logits) {
        return new TokenSampler(options, new int[0]).choose(logits);
    }
}
