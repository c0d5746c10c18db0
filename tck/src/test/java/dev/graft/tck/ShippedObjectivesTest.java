package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.objective.ObjectiveDeclaration;
import dev.graft.tck.rule.Outcome;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ShippedObjectivesTest {
    private final PluginRegistry registry =
            Kit.registry(new ServiceLoaderHost(getClass().getClassLoader()).registry(), List.of());

    private Stream<ObjectiveProvider<?>> objectives() {
        return registry.plugins(PluginKind.OBJECTIVE).stream().map(plugin -> (ObjectiveProvider<?>) plugin.provider());
    }

    @TestFactory
    Stream<DynamicTest> everyShippedObjectiveKeepsEveryRule() {
        return objectives().map(objective -> DynamicTest.dynamicTest(objective.id(), () -> keepsEveryRule(objective)));
    }

    private void keepsEveryRule(ObjectiveProvider<?> objective) {
        try (Bench bench = new Bench(registry, "torch", 1)) {
            Stream<Outcome> outcomes = Kit.objective(bench, objective, ObjectiveDeclaration.of(objective))
                    .outcomes(rule -> true);
            assertThat(outcomes.filter(outcome -> outcome.status() == Outcome.Status.FAILED))
                    .extracting(Outcome::explanation)
                    .isEmpty();
            assertThat(bench.engine().liveArrays()).isZero();
        }
    }

    @Test
    void everyShippedObjectiveSaysWhatItIsTriedWith() {
        Set<String> silent = objectives()
                .filter(objective ->
                        ObjectiveDeclaration.of(objective).settings().isEmpty())
                .map(ObjectiveProvider::id)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(silent).isEmpty();
    }
}
