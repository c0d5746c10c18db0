package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.method.AdapterFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Makes a test of every reference adapter of a format. */
public final class AdapterReferences {
    private AdapterReferences() {}

    /**
     * A test for each case that a format recognises; one skipped test where there are no fixtures.
     *
     * @param folder of the fixtures, for instance {@code peft}
     */
    public static Stream<DynamicTest> pass(String folder, AdapterFormat format) {
        List<Path> cases = ReferenceCase.folder(folder).map(FixtureVerifier::cases).orElse(List.of()).stream()
                .filter(directory -> recognises(format, directory))
                .toList();
        if (cases.isEmpty()) {
            return Stream.of(dynamicTest(
                    "no fixtures",
                    () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
        }
        return cases.stream()
                .map(directory -> dynamicTest(directory.getFileName().toString(), () -> verify(directory)));
    }

    private static boolean recognises(AdapterFormat format, Path directory) {
        Path file = directory.resolve(format.configFile());
        return Files.exists(file) && format.recognises(JsonFile.read(file));
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
