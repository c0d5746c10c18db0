package dev.graft.models.llama;

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
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every reference case of this family. */
class LlamaReferenceTest {
    private static final Set<LinearSite.Role> PROJECTIONS =
            Set.of(LinearSite.Role.QUERY, LinearSite.Role.VALUE, LinearSite.Role.FFN_GATE);

    @TestFactory
    Stream<DynamicTest> logitsAreThoseOfTheReference() {
        return cases(LlamaReferenceTest::any, ModelChecks::logitsAreThoseOfTheReference);
    }

    @TestFactory
    Stream<DynamicTest> rowsDoNotDependOnTheirBatch() {
        return cases(LlamaReferenceTest::steady, ModelChecks::rowsDoNotDependOnTheirBatch);
    }

    @TestFactory
    Stream<DynamicTest> paddingInFrontChangesNothing() {
        return cases(LlamaReferenceTest::any, ModelChecks::paddingInFrontChangesNothing);
    }

    @TestFactory
    Stream<DynamicTest> cachedDecodingGivesTheLogitsOfOnePass() {
        return cases(LlamaReferenceTest::steadilyGenerating, ModelChecks::cachedDecodingGivesTheLogitsOfOnePass);
    }

    @TestFactory
    Stream<DynamicTest> greedyTextIsThatOfTheReference() {
        return cases(LlamaReferenceTest::generating, ModelChecks::greedyTextIsThatOfTheReference);
    }

    @TestFactory
    Stream<DynamicTest> gradientsAgreeWithDifferences() {
        return cases(LlamaReferenceTest::any, (bench, reference) -> {
            try (LoadedModel model = bench.loadDouble(reference.directory())) {
                Tokens tokens = Tokens.of(reference).corner(2, 8);
                for (Site site : model.view().sites()) {
                    if (site instanceof LinearSite linear
                            && linear.layer() == 1
                            && PROJECTIONS.contains(linear.role())) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, linear.weight());
                    } else if (site instanceof NormSite norm && norm.layer() == 0) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, tokens, norm.weight());
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

    /** Not those in which the longest row of a batch decides how the positions of all rows turn. */
    private static boolean steady(ReferenceCase reference) {
        return LlamaConfig.read(reference.config()).layers().stream()
                .noneMatch(layer -> layer.rope().byLength());
    }

    private static boolean steadilyGenerating(ReferenceCase reference) {
        return steady(reference) && generating(reference);
    }

    private static Stream<DynamicTest> cases(Predicate<ReferenceCase> which, BiConsumer<Bench, ReferenceCase> check) {
        return ReferenceTests.models(new LlamaProvider().modelTypes(), which, check);
    }
}
