package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Outcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShippedPluginsTest {
    private final PluginRegistry registry = new ServiceLoaderHost(getClass().getClassLoader()).registry();

    @Test
    void everyShippedOptimizerKeepsEveryRule() {
        assertKeepsEveryRule("adamw", List.of(Map.of(), Map.of("weight_decay", 0.1)));
        assertKeepsEveryRule("sgd", List.of(Map.of(), Map.of("momentum", 0.9)));
    }

    @Test
    void everyShippedModelFamilyKeepsEveryRule() {
        try (Bench bench = new Bench(registry, "torch", 1)) {
            assertThat(registry.models().stream()
                            .flatMap(family -> Kit.model(bench, family).outcomes(rule -> true)))
                    .filteredOn(outcome -> outcome.status() == Outcome.Status.FAILED)
                    .extracting(Outcome::explanation)
                    .isEmpty();
        }
    }

    @Test
    void everyShippedTokenizerKeepsEveryRule() {
        try (Bench bench = new Bench(registry, "torch", 1)) {
            assertThat(registry.tokenizers().stream()
                            .flatMap(
                                    tokenizer -> Kit.tokenizer(bench, tokenizer).outcomes(rule -> true)))
                    .filteredOn(outcome -> outcome.status() != Outcome.Status.PASSED)
                    .extracting(Outcome::explanation)
                    .isEmpty();
        }
    }

    @Test
    void everyShippedPluginSaysOfItselfWhatItMust() {
        assertThat(registry.plugins().stream().flatMap(this::configuration)).isEmpty();
    }

    private Stream<String> configuration(Plugin plugin) {
        return Kit.configuration(plugin.kind(), plugin.provider())
                .outcomes(rule -> true)
                .filter(outcome -> outcome.status() == Outcome.Status.FAILED)
                .map(outcome -> plugin + ": " + outcome.explanation());
    }

    private void assertKeepsEveryRule(String id, List<Map<String, Object>> configurations) {
        OptimizerProvider<?> provider =
                (OptimizerProvider<?>) registry.plugin(PluginKind.OPTIMIZER, id).provider();
        try (Bench bench = new Bench(registry, "torch", 1)) {
            assertThat(Kit.optimizer(bench.engine(), provider, configurations).outcomes(rule -> true))
                    .filteredOn(outcome -> outcome.status() != Outcome.Status.PASSED)
                    .extracting(Outcome::explanation)
                    .isEmpty();
        }
    }
}
