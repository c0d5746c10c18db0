package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.rule.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ShippedMethodsTest {
    @TestFactory
    Stream<DynamicTest> everyShippedMethodKeepsEveryRule() {
        PluginRegistry registry =
                Kit.registry(new ServiceLoaderHost(getClass().getClassLoader()).registry(), List.of());
        return registry.methods().stream()
                .map(method -> DynamicTest.dynamicTest(method.id(), () -> keepsEveryRule(registry, method)));
    }

    private static void keepsEveryRule(PluginRegistry registry, MethodProvider<?> method) {
        try (Bench bench = new Bench(registry, "torch", 1)) {
            Stream<Outcome> outcomes =
                    Kit.method(bench, method, MethodDeclaration.of(method)).outcomes(rule -> true);
            assertThat(outcomes.filter(outcome -> outcome.status() == Outcome.Status.FAILED))
                    .extracting(Outcome::explanation)
                    .isEmpty();
            assertThat(bench.engine().liveArrays()).isZero();
        }
    }
}
