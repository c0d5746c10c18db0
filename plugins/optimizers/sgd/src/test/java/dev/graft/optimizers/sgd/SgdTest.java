package dev.graft.optimizers.sgd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.OptimizerRun;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.optimizer.Optimizer;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SgdTest {
    private static final int STEPS = 6;
    private static final double RATE = 0.1;
    private static final Offset<Float> CLOSE = within(2e-6f);
    private final Bench bench = new Bench();

    @AfterEach
    void everyArrayIsFreed() {
        bench.close();
    }

    /**
     * What {@code torch.optim.SGD} of torch 2.13.0 makes of the parameter of {@link OptimizerRun} in six steps of rate
     * 0.1 with its gradients, single precision.
     */
    static Stream<Arguments> torch() {
        return Stream.of(
                Arguments.of(
                        Map.of(),
                        new float[] {0.42999235f, -1.3229915f, 1.9911329f, 0.4694051f, 3.7195024f, -1.4020954f}),
                Arguments.of(
                        Map.of("weight_decay", 0.2),
                        new float[] {0.37985778f, -1.1729409f, 1.7638197f, 0.45784217f, 3.3463805f, -1.3269118f}),
                Arguments.of(
                        Map.of("momentum", 0.9),
                        new float[] {0.16491741f, -1.6036125f, 1.9529674f, 1.0421773f, 2.6244183f, -1.0634362f}),
                Arguments.of(
                        Map.of("momentum", 0.8, "dampening", 0.3, "weight_decay", 0.05),
                        new float[] {0.20043433f, -1.4648532f, 1.8434962f, 0.609002f, 2.8925083f, -0.97915745f}),
                Arguments.of(
                        Map.of("momentum", 0.9, "nesterov", true, "weight_decay", 0.05),
                        new float[] {0.093634814f, -1.4871762f, 1.7370379f, 1.4122498f, 2.6014595f, -1.6464075f}));
    }

    @ParameterizedTest
    @MethodSource("torch")
    void sixStepsEndWhereTorchEnds(Map<String, Object> keys, float[] expected) {
        try (Optimizer optimizer = new SgdProvider().create(config(keys));
                OptimizerRun run = new OptimizerRun(bench.engine())) {
            assertThat(run.steps(optimizer, STEPS, RATE, true).values()).containsExactly(expected, CLOSE);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false, 0", "0.9, 0, false, 0.1", "0.5, 0.25, false, 0.01", "0.7, 0, true, 0.2"})
    void stepsFollowTheFormula(double momentum, double dampening, boolean nesterov, double decay) {
        double[] w = new double[6];
        double[] b = new double[6];
        for (int i = 0; i < 6; i++) {
            w[i] = OptimizerRun.start()[i];
        }
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = OptimizerRun.gradient(step);
            for (int i = 0; i < 6; i++) {
                double g = gradient[i] + decay * w[i];
                b[i] = step == 0 ? g : momentum * b[i] + (1 - dampening) * g;
                double direction = momentum == 0 ? g : nesterov ? g + momentum * b[i] : b[i];
                w[i] -= RATE * direction;
            }
        }
        SgdConfig config = new SgdConfig(momentum, dampening, nesterov, decay);
        try (Optimizer optimizer = new Sgd(config);
                OptimizerRun run = new OptimizerRun(bench.engine())) {
            float[] values = run.steps(optimizer, STEPS, RATE, true).values();
            for (int i = 0; i < 6; i++) {
                assertThat((double) values[i]).isCloseTo(w[i], within(2e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("torch")
    void aRestoredOptimizerGoesOnToTheSameBits(Map<String, Object> keys, float[] expected) {
        try (Optimizer whole = new Sgd(config(keys));
                Optimizer first = new Sgd(config(keys));
                Optimizer second = new Sgd(config(keys));
                OptimizerRun uninterrupted = new OptimizerRun(bench.engine());
                OptimizerRun resumed = new OptimizerRun(bench.engine())) {
            uninterrupted.steps(whole, STEPS, RATE, true);
            resumed.steps(first, 2, RATE, true);
            resumed.hand(first, second);
            resumed.steps(second, STEPS - 2, RATE, true);

            assertThat(resumed.values()).isEqualTo(uninterrupted.values());
        }
    }

    @Test
    void parametersThatDoNotDecayFollowTheirGradientAlone() {
        try (Optimizer decaying = new Sgd(config(Map.of("weight_decay", 0.5)));
                Optimizer plain = new Sgd(config(Map.of()));
                OptimizerRun spared = new OptimizerRun(bench.engine());
                OptimizerRun other = new OptimizerRun(bench.engine())) {
            assertThat(spared.steps(decaying, 3, RATE, false).values())
                    .isEqualTo(other.steps(plain, 3, RATE, true).values());
        }
    }

    @Test
    void momentumIsKeptUnderTorchsName() {
        try (Optimizer optimizer = new Sgd(config(Map.of("momentum", 0.9)));
                OptimizerRun run = new OptimizerRun(bench.engine())) {
            run.steps(optimizer, 1, RATE, true);

            assertThat(optimizer.state()).containsOnlyKeys("momentum_buffer.w");
        }
    }

    @Test
    void lookingAheadNeedsMomentum() {
        assertThatThrownBy(() -> config(Map.of("nesterov", true)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nesterov needs a momentum above 0 and a dampening of 0");
    }

    @Test
    void theProviderIsFoundByItsId() {
        assertThat(bench.registry().optimizer("sgd").configuration()).isEqualTo(SgdConfig.class);
    }

    private static SgdConfig config(Map<String, Object> tree) {
        return ConfigurationBinder.bind(SgdConfig.class, tree, "optimizer");
    }
}
