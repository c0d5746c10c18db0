package dev.graft.optimizers.adamw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.OptimizerRun;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.optimizer.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdamWTest {
    private static final int STEPS = 6;
    private static final Offset<Float> CLOSE = within(2e-6f);
    private final Bench bench = new Bench();

    @AfterEach
    void everyArrayIsFreed() {
        bench.close();
    }

    /**
     * What {@code torch.optim.AdamW} of torch 2.13.0 makes of the parameter of {@link OptimizerRun} in six steps with
     * its gradients, single precision.
     */
    static Stream<Arguments> torch() {
        return Stream.of(
                Arguments.of(config(Map.of()), 0.01, new float[] {
                    0.47183532f, -1.2763278f, 1.9766142f, -0.007123809f, 3.4869134f, -0.7281936f
                }),
                Arguments.of(
                        config(Map.of("betas", List.of(0.8, 0.95), "eps", 1e-6, "weight_decay", 0.1)),
                        0.05,
                        new float[] {0.36170563f, -1.3327769f, 1.843406f, -0.019146884f, 3.3436966f, -0.6401212f}),
                Arguments.of(
                        config(Map.of("betas", List.of(0.8, 0.95), "eps", 1e-6, "weight_decay", 0.1, "amsgrad", true)),
                        0.05,
                        new float[] {0.3643481f, -1.3304979f, 1.8436763f, -0.019146884f, 3.3436966f, -0.6401212f}));
    }

    @ParameterizedTest
    @MethodSource("torch")
    void sixStepsEndWhereTorchEnds(AdamWConfig config, double rate, float[] expected) {
        try (Optimizer optimizer = new AdamWProvider().create(config);
                OptimizerRun run = new OptimizerRun(bench.engine())) {
            assertThat(run.steps(optimizer, STEPS, rate, true).values()).containsExactly(expected, CLOSE);
        }
    }

    @ParameterizedTest
    @MethodSource("torch")
    void aRestoredOptimizerGoesOnToTheSameBits(AdamWConfig config, double rate, float[] expected) {
        try (Optimizer whole = new AdamW(config);
                Optimizer first = new AdamW(config);
                Optimizer second = new AdamW(config);
                OptimizerRun uninterrupted = new OptimizerRun(bench.engine());
                OptimizerRun resumed = new OptimizerRun(bench.engine())) {
            uninterrupted.steps(whole, STEPS, rate, true);
            resumed.steps(first, 2, rate, true);
            resumed.hand(first, second);
            resumed.steps(second, STEPS - 2, rate, true);

            assertThat(resumed.values()).isEqualTo(uninterrupted.values());
        }
    }

    @Test
    void parametersThatDoNotDecayFollowTheirGradientAlone() {
        try (Optimizer decaying = new AdamW(config(Map.of("weight_decay", 0.5)));
                Optimizer plain = new AdamW(config(Map.of("weight_decay", 0)));
                OptimizerRun spared = new OptimizerRun(bench.engine());
                OptimizerRun other = new OptimizerRun(bench.engine())) {
            assertThat(spared.steps(decaying, 3, 0.1, false).values())
                    .isEqualTo(other.steps(plain, 3, 0.1, true).values());
        }
    }

    @Test
    void stateIsNamedAsTorchNamesIt() {
        try (Optimizer optimizer = new AdamW(config(Map.of("amsgrad", true)));
                OptimizerRun run = new OptimizerRun(bench.engine())) {
            run.steps(optimizer, 2, 0.1, true);

            assertThat(optimizer.state()).containsOnlyKeys("exp_avg.w", "exp_avg_sq.w", "max_exp_avg_sq.w");
            assertThat(optimizer.counters()).isEqualTo(Map.of("w", 2L));
        }
    }

    @Test
    void betasOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> config(Map.of("betas", List.of(0.9, 1.0))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("two numbers of at least 0 and below 1");
        assertThatThrownBy(() -> config(Map.of("betas", List.of(0.9)))).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void theProviderIsFoundByItsId() {
        assertThat(bench.registry().optimizer("adamw").configuration()).isEqualTo(AdamWConfig.class);
    }

    private static AdamWConfig config(Map<String, Object> tree) {
        return ConfigurationBinder.bind(AdamWConfig.class, tree, "optimizer");
    }
}
