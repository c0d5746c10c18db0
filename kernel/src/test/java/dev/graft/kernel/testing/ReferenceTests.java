package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.method.MethodProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            return none();
        }
        return cases.stream()
                .filter(which)
                .map(reference -> dynamicTest(reference.name(), () -> {
                    try (Bench bench = new Bench()) {
                        check.accept(bench, reference);
                    }
                }));
    }

    /**
     * A test for each adapter of a method among the cases: its logits, its trajectory and its trained tensors are those
     * of the reference. One skipped test where there is none.
     *
     * @param folders where to look, for instance {@code peft}
     */
    public static Stream<DynamicTest> adapters(MethodProvider<?> method, String... folders) {
        return cases(directory -> isOf(method, directory), folders);
    }

    /**
     * The same for chosen cases.
     *
     * @param which whether the case of a directory is one of them
     * @param folders where to look, for instance {@code peft}
     */
    public static Stream<DynamicTest> cases(Predicate<Path> which, String... folders) {
        List<Path> cases = Stream.of(folders)
                .flatMap(folder -> ReferenceCase.folder(folder).stream())
                .flatMap(folder -> FixtureVerifier.cases(folder).stream())
                .filter(which)
                .toList();
        if (cases.isEmpty()) {
            return none();
        }
        return cases.stream()
                .map(directory -> dynamicTest(directory.getFileName().toString(), () -> verify(directory)));
    }

    /** A test for each case below the folder of an objective; one skipped test where there is none. */
    public static Stream<DynamicTest> objectives(String id) {
        List<Path> cases = ReferenceCase.folder("objectives/" + id).stream()
                .flatMap(folder -> FixtureVerifier.cases(folder).stream())
                .toList();
        return cases.isEmpty()
                ? none()
                : cases.stream()
                        .map(directory -> dynamicTest(directory.getFileName().toString(), () -> verify(directory)));
    }

    private static Stream<DynamicTest> none() {
        return Stream.of(dynamicTest(
                "no fixtures", () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
    }

    /** An adapter says so itself; a case without one is of the method whose id is its folder's name. */
    private static boolean isOf(MethodProvider<?> method, Path directory) {
        Path file = directory.resolve(method.format().configFile());
        return Files.exists(file)
                ? method.format().recognises(JsonFile.read(file))
                : directory.getFileName().toString().equals(method.id());
    }

    private static void verify(Path directory) {
        List<CaseReport> reports = new ArrayList<>();
        try (Bench bench = new Bench()) {
            new FixtureVerifier(bench.registry(), bench.engine()).verify(directory, reports::add);
        }
        CaseReport report = reports.get(0);
        assumeTrue(report.status() != CaseReport.Status.UNSUPPORTED, report.reason());
        assertThat(report.status()).as(report.reason()).isEqualTo(CaseReport.Status.PASS);
    }
}
