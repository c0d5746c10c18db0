package dev.graft.models.gpt2;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.GradientChecks;
import dev.graft.kernel.testing.ModelChecks;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every reference case of this family. */
class Gpt2ReferenceTest {
    @TestFactory
    Stream<DynamicTest> logitsAreThoseOfTheReference() {
        return cases(Gpt2ReferenceTest::any, ModelChecks::logitsAreThoseOfTheReference);
    }

    @TestFactory
    Stream<DynamicTest> rowsDoNotDependOnTheirBatch() {
        return cases(Gpt2ReferenceTest::any, ModelChecks::rowsDoNotDependOnTheirBatch);
    }

    @TestFactory
    Stream<DynamicTest> paddingInFrontChangesNothing() {
        return cases(Gpt2ReferenceTest::any, ModelChecks::paddingInFrontChangesNothing);
    }

    @TestFactory
    Stream<DynamicTest> cachedDecodingGivesTheLogitsOfOnePass() {
        return cases(Gpt2ReferenceTest::generating, ModelChecks::cachedDecodingGivesTheLogitsOfOnePass);
    }

    @TestFactory
    Stream<DynamicTest> greedyTextIsThatOfTheReference() {
        return cases(Gpt2ReferenceTest::generating, ModelChecks::greedyTextIsThatOfTheReference);
    }

    @TestFactory
    Stream<DynamicTest> gradientsAgreeWithDifferences() {
        return cases(Gpt2ReferenceTest::any, (bench, reference) -> {
            try (LoadedModel model = bench.loadDouble(reference.directory())) {
                Tokens tokens = Tokens.of(reference).corner(2, 8);
                for (Site site : model.view().sites()) {
                    if (site instanceof LinearSite linear && linear.layer() == 1) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, linear.weight());
                    } else if (site instanceof EmbeddingSite table) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, table.weight());
                    }
                }
            }
        });
    }

    private static boolean any(ReferenceCase reference) {
        return true;
    }

    private static boolean generating(ReferenceCase reference) {
        return reference.has("greedy_prompt");
    }

    private static Stream<DynamicTest> cases(Predicate<ReferenceCase> which, BiConsumer<Bench, ReferenceCase> check) {
        return ReferenceTests.models(new Gpt2Provider().modelTypes(), which, check);
    }
}
