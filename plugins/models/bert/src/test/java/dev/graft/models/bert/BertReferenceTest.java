package dev.graft.models.bert;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.GradientChecks;
import dev.graft.kernel.testing.ModelChecks;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every reference case of this family. */
class BertReferenceTest {
    @TestFactory
    Stream<DynamicTest> logitsAreThoseOfTheReference() {
        return cases(ModelChecks::logitsAreThoseOfTheReference);
    }

    @TestFactory
    Stream<DynamicTest> rowsDoNotDependOnTheirBatch() {
        return cases(ModelChecks::rowsDoNotDependOnTheirBatch);
    }

    @TestFactory
    Stream<DynamicTest> paddingInFrontChangesNothing() {
        return cases(ModelChecks::paddingInFrontChangesNothing);
    }

    @TestFactory
    Stream<DynamicTest> gradientsAgreeWithDifferences() {
        return cases((bench, reference) -> {
            try (LoadedModel model = bench.loadDouble(reference.directory())) {
                Tokens tokens = Tokens.of(reference).corner(2, 8);
                for (Site site : model.view().sites()) {
                    if (site instanceof LinearSite linear && (linear.layer() == 1 || linear.layer() > 100)) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, linear.weight());
                    } else if (site instanceof NormSite norm && norm.layer() == 0) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, norm.weight());
                    }
                }
            }
        });
    }

    private static Stream<DynamicTest> cases(BiConsumer<Bench, ReferenceCase> check) {
        return ReferenceTests.models(new BertProvider().modelTypes(), reference -> true, check);
    }
}
