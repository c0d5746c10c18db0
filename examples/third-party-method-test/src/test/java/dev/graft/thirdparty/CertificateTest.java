package dev.graft.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.run.JarExamination;
import dev.graft.tck.run.Reports;
import dev.graft.tck.run.Selection;
import dev.graft.tck.run.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateTest {
    @TempDir
    private Path scratch;

    @Test
    void theJarGetsItsCertificate() throws IOException {
        try (Bundle bundle = Bundle.open(scratch)) {
            JarExamination examination = new JarExamination(
                    new ServiceLoaderHost(getClass().getClassLoader()).registry(),
                    "torch",
                    1,
                    Selection.ALL,
                    Optional.empty());

            Verdict verdict = examination.run(bundle.jar(), (outcome, done, all) -> {});

            assertThat(verdict.outcomes())
                    .filteredOn(outcome -> outcome.status() == Outcome.Status.FAILED)
                    .extracting(Outcome::explanation)
                    .isEmpty();
            assertThat(Reports.certificate(verdict))
                    .contains("\"method ln-tuning@1.0.0\"")
                    .contains("\"result\" : \"passed\"")
                    .contains("\"method ln-tuning 3.02\" : \"passed\"");
        }
    }
}
