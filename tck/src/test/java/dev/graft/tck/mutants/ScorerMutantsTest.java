package dev.graft.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.mutants.ScorerMutants.Mutant;
import dev.graft.tck.rule.Outcome;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ScorerMutantsTest {
    @TestFactory
    Stream<DynamicTest> aBrokenScorerIsCaughtByItsRule() {
        return MutantsTest.tests(
                ScorerMutants.all(), number -> outcome(number, (mutant, bench) -> mutant.broken(bench.registry())));
    }

    @TestFactory
    Stream<DynamicTest> theHonestScorerBehindAMutantPassesItsRule() {
        return ScorerMutants.all().keySet().stream()
                .map(number -> DynamicTest.dynamicTest(number, () -> {
                    Outcome found = outcome(number, (mutant, bench) -> mutant.honest(bench.registry()));

                    assertThat(found.status()).as(found.explanation()).isEqualTo(Outcome.Status.PASSED);
                }));
    }

    private static Outcome outcome(String number, BiFunction<Mutant, Bench, ScorerProvider<?>> provider) {
        Mutant mutant = ScorerMutants.all().get(number);
        try (Bench bench = MutantsTest.bench(List.of())) {
            try {
                return Kit.scorer(bench, provider.apply(mutant, bench), mutant.declaration())
                        .outcome(number);
            } finally {
                ScorerMutants.sweep();
            }
        }
    }
}
