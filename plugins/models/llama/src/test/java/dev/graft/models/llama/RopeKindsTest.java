package dev.graft.models.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RopeKindsTest {
    private static final int HEAD = 16;
    private static final int LONGEST = 64;

    @Test
    void plainFrequenciesFallFromOneByThePowersOfTheta() {
        Rope rope = rope(Map.of("rope_type", "default", "rope_theta", 10_000.0));

        double[] frequencies = rope.frequencies().apply(0);

        assertThat(frequencies).hasSize(HEAD / 2);
        assertThat(frequencies[0]).isEqualTo(1);
        assertThat(frequencies[4]).isCloseTo(0.01, within(1e-12));
        assertThat(rope.maxPositions()).isEqualTo(LONGEST);
    }

    @Test
    void keysOfBothTransformersVersionsGiveTheSameFrequencies() {
        CheckpointConfig four =
                Configs.small("llama", "rope_theta", 500.0, "rope_scaling", Map.of("type", "linear", "factor", 4.0));
        CheckpointConfig five = Configs.small(
                "llama", "rope_parameters", Map.of("rope_type", "linear", "factor", 4.0, "rope_theta", 500.0));

        assertThat(read(four).frequencies().apply(0))
                .isEqualTo(read(five).frequencies().apply(0));
        assertThat(read(four).frequencies().apply(0)[0]).isEqualTo(0.25);
    }

    @Test
    void aBlockPerLayerTypeIsReadForItsType() {
        CheckpointConfig config = Configs.small(
                "qwen2",
                "rope_parameters",
                Map.of(
                        "full_attention", Map.of("rope_type", "linear", "factor", 2.0, "rope_theta", 100.0),
                        "sliding_attention", Map.of("rope_type", "default", "rope_theta", 100.0)));

        Rope full = RopeKinds.read(RopeKeys.of(config, "full_attention"), HEAD, LONGEST);
        Rope sliding = RopeKinds.read(RopeKeys.of(config, "sliding_attention"), HEAD, LONGEST);

        assertThat(full.frequencies().apply(0)[0]).isEqualTo(0.5);
        assertThat(sliding.frequencies().apply(0)[0]).isEqualTo(1);
    }

    @Property
    void dynamicScalingDoesNothingWithinThePretrainedLength(
            @ForAll @DoubleRange(min = 1, max = 16) double factor,
            @ForAll @IntRange(min = 1, max = LONGEST) int length) {
        Rope rope = rope(Map.of("rope_type", "dynamic", "factor", factor));

        assertThat(rope.frequencies().apply(length)).containsExactly(Rope.plain(10_000, HEAD), within(1e-12));
    }

    @Property
    void dynamicScalingSlowsEveryPairButTheFirstBeyondThePretrainedLength(
            @ForAll @DoubleRange(min = 1.5, max = 16) double factor,
            @ForAll @IntRange(min = LONGEST + 1, max = 10 * LONGEST) int length) {
        double[] plain = Rope.plain(10_000, HEAD);

        double[] scaled = rope(Map.of("rope_type", "dynamic", "factor", factor))
                .frequencies()
                .apply(length);

        assertThat(scaled[0]).isEqualTo(1);
        for (int i = 1; i < plain.length; i++) {
            assertThat(scaled[i]).isLessThan(plain[i]);
        }
    }

    @Property
    void yarnAndLlama3KeepFrequenciesBetweenPlainAndInterpolated(
            @ForAll @DoubleRange(min = 1, max = 32) double factor) {
        double[] plain = Rope.plain(10_000, HEAD);
        Map<String, Object> yarn =
                Map.of("rope_type", "yarn", "factor", factor, "original_max_position_embeddings", 24);
        Map<String, Object> llama3 = Map.of(
                "rope_type",
                "llama3",
                "factor",
                factor,
                "low_freq_factor",
                1.0,
                "high_freq_factor",
                4.0,
                "original_max_position_embeddings",
                24);

        for (Map<String, Object> kind : List.of(yarn, llama3)) {
            double[] scaled = rope(kind).frequencies().apply(0);
            for (int i = 0; i < plain.length; i++) {
                assertThat(scaled[i]).isBetween(plain[i] / factor * (1 - 1e-12), plain[i] * (1 + 1e-12));
            }
        }
    }

    @Test
    void yarnScalesAttentionAsThePaperSuggestsUnlessTold() {
        Map<String, Object> keys = new HashMap<>(Map.of("rope_type", "yarn", "factor", 4.0));

        assertThat(rope(keys).attentionFactor()).isCloseTo(0.1 * Math.log(4) + 1, within(1e-12));
        keys.putAll(Map.of("mscale", 2.0, "mscale_all_dim", 1.0));
        assertThat(rope(keys).attentionFactor())
                .isCloseTo((0.2 * Math.log(4) + 1) / (0.1 * Math.log(4) + 1), within(1e-12));
        keys.put("attention_factor", 0.75);
        assertThat(rope(keys).attentionFactor()).isEqualTo(0.75);
    }

    @Test
    void longRopeTakesLongFactorsForLongPassesOnly() {
        Rope rope = rope(Map.of(
                "rope_type",
                "longrope",
                "original_max_position_embeddings",
                16,
                "short_factor",
                Collections.nCopies(HEAD / 2, 2.0),
                "long_factor",
                Collections.nCopies(HEAD / 2, 8.0)));

        assertThat(rope.frequencies().apply(16)[0]).isEqualTo(0.5);
        assertThat(rope.frequencies().apply(17)[0]).isEqualTo(0.125);
        assertThat(rope.attentionFactor()).isCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(16)), within(1e-12));
    }

    @Test
    void factorsForAnotherHeadSizeAreRefused() {
        assertThatThrownBy(() -> rope(Map.of(
                        "rope_type", "longrope",
                        "short_factor", Collections.nCopies(3, 2.0),
                        "long_factor", Collections.nCopies(3, 2.0))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("config.json: rope_parameters.short_factor has 3 entries; a head rotates 8 pairs of"
                        + " features and needs as many");
    }

    @Test
    void anUnknownKindIsNamedWithThoseAllowed() {
        assertThatThrownBy(() -> rope(Map.of("rope_type", "spiral")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("config.json: rope_parameters.rope_type is 'spiral', which is not supported; allowed are"
                        + " default, linear, dynamic, yarn, longrope and llama3");
    }

    @Test
    void anOddNumberOfRotatedFeaturesIsRefused() {
        assertThatThrownBy(() -> RopeKinds.read(RopeKeys.of(Configs.small("llama"), "full_attention"), 7, LONGEST))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("turn 7 features");
    }

    private static Rope rope(Map<String, Object> parameters) {
        return read(Configs.small("llama", "rope_parameters", parameters));
    }

    private static Rope read(CheckpointConfig config) {
        return RopeKinds.read(RopeKeys.of(config, "full_attention"), HEAD, LONGEST);
    }
}
