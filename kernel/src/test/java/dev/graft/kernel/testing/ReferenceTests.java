package dev.graft.kernel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Makes a test of every reference case. */
public final class ReferenceTests {
    private ReferenceTests() {}

    /**
     * A test for each model case; one skipped test where there are no fixtures.
     *
     * @param modelTypes values of {@code model_type}
     * @param which the cases the check is for
     * @param check what must hold
     */
    public static Stream<DynamicTest> models(
            Collection<String> modelTypes, Predicate<ReferenceCase> which, BiConsumer<Bench, ReferenceCase> check) {
        List<ReferenceCase> cases = ReferenceCase.models(modelTypes);
        if (cases.isEmpty()) {
            return Stream.of(dynamicTest(
                    "no fixtures",
                    () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
        }
        return cases.stream()
                .filter(which)
                .map(reference -> dynamicTest(reference.name(), () -> {
                    try (Bench bench = new Bench()) {
                        check.accept(bench, reference);
                    }
                }));
    }
}
