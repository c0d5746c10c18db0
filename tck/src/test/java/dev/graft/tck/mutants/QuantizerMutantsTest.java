package dev.graft.tck.mutants;

import dev.graft.tck.bench.Bench;
import dev.graft.tck.quantizer.QuantizerDeclaration.Scales;
import dev.graft.tck.quantizer.QuantizerDeclaration.Tried;
import dev.graft.tck.quantizer.QuantizerRules;
import dev.graft.tck.quantizer.QuantizerTrial;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.Outcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class QuantizerMutantsTest {
    private static final Tried TRIED = new Tried(Map.of(), 0.5 / 127, Scales.ROW, 1, List.of());

    @TestFactory
    Stream<DynamicTest> aBrokenQuantizerIsCaughtByItsRule() {
        return MutantsTest.tests(QuantizerMutants.all(), QuantizerMutantsTest::outcome);
    }

    private static Outcome outcome(String number) {
        try (Bench bench = MutantsTest.bench(List.of())) {
            QuantizerTrial trial =
                    new QuantizerTrial(bench.engine(), 1, QuantizerMutants.all().get(number), TRIED);
            try {
                return new Examination<>("quantizer mutant", List.of(trial), List.of(QuantizerRules.CHAPTER))
                        .outcome(number);
            } finally {
                QuantizerMutants.sweep();
            }
        }
    }
}
