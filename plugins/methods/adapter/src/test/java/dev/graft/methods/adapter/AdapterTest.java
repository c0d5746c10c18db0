package dev.graft.methods.adapter;

import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class AdapterTest {
    private static final AdapterProvider ADAPTER = new AdapterProvider();
    private static final String REFUSAL = "adapters of method 'adapter' cannot be merged";

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(
                        checks(SmallModel.llama(), Map.of("kind", "houlsby", "reduction_factor", 4))
                                .changingLogitsWhenFresh(),
                        checks(
                                SmallModel.llama(),
                                Map.of("kind", "scaled_par_bn", "non_linearity", "gelu", "leave_out", List.of(1))),
                        checks(
                                        SmallModel.gpt2(),
                                        Map.of(
                                                "reduction_factor",
                                                Map.of("0", 2, "default", 5.5),
                                                "init_weights",
                                                "houlsby",
                                                "scaling",
                                                "channel",
                                                "dropout",
                                                0.2))
                                .changingLogitsWhenFresh(),
                        checks(
                                        SmallModel.gpt2(),
                                        Map.of(
                                                "mh_adapter",
                                                true,
                                                "original_ln_after",
                                                false,
                                                "residual_before_ln",
                                                "post_add",
                                                "stochastic_depth",
                                                0.3,
                                                "non_linearity",
                                                "tanh"))
                                .changingLogitsWhenFresh(),
                        checks(SmallModel.bertClassifier(), Map.of("init_weights", "mam_adapter")),
                        checks(
                                        SmallModel.bertClassifier(),
                                        Map.of(
                                                "kind", "double_seq_bn",
                                                "ln_before", true,
                                                "ln_after", true,
                                                "adapter_residual_before_ln", true,
                                                "use_gating", true,
                                                "init_weights_seed", 5))
                                .changingLogitsWhenFresh())
                .map(checks -> checks.tests(directory));
    }

    private static MethodChecks<AdapterConfig> checks(SmallModel model, Map<String, Object> keys) {
        return MethodChecks.of(ADAPTER, model, keys).refusingToMerge(REFUSAL);
    }

    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(ADAPTER, "adapterhub");
    }
}
