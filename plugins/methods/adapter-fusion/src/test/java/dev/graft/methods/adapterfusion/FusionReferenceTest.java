package dev.graft.methods.adapterfusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.FixtureVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FusionReferenceTest {
    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        List<Path> cases = ReferenceCase.folder("adapterhub").map(FixtureVerifier::cases).orElse(List.of()).stream()
                .filter(FusionReferenceTest::isFusion)
                .toList();
        if (cases.isEmpty()) {
            return Stream.of(dynamicTest(
                    "no fixtures",
                    () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
        }
        return cases.stream()
                .map(directory -> dynamicTest(directory.getFileName().toString(), () -> verify(directory)));
    }

    private static boolean isFusion(Path directory) {
        Path file = directory.resolve("fusion").resolve("adapter_fusion_config.json");
        return Files.exists(file) && new FusionFormat().recognises(JsonFile.read(file));
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
