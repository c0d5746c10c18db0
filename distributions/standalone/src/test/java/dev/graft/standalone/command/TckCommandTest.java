package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.spi.method.MethodProvider;
import dev.graft.standalone.Run;
import dev.graft.tck.method.Gain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TckCommandTest {
    @TempDir
    private Path directory;

    /** A method in a jar that is no bundle. */
    private Path jar() throws IOException {
        Path jar = directory.resolve("gain.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            List<Class<?>> classes = new ArrayList<>(List.of(Gain.class.getDeclaredClasses()));
            classes.add(Gain.class);
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(name));
                try (InputStream in = type.getResourceAsStream("/" + name)) {
                    in.transferTo(out);
                }
            }
            out.putNextEntry(new ZipEntry("META-INF/services/" + MethodProvider.class.getName()));
            out.write(Gain.class.getName().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    @Test
    void aPluginThatKeepsTheRulesThatWereAskedForPasses() throws IOException {
        Path junit = directory.resolve("junit.xml");
        Path html = directory.resolve("report.html");

        Run run = Run.graft(
                "tck",
                "run",
                jar().toString(),
                "--rules",
                "2.*,3.02",
                "--seed",
                "7",
                "--json",
                "--junit",
                junit.toString(),
                "--html",
                html.toString());

        JsonNode verdict = new ObjectMapper().readTree(run.out());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(verdict.path("result").asText()).isEqualTo("passed");
        assertThat(verdict.path("seed").asLong()).isEqualTo(7);
        assertThat(verdict.path("plugins").get(0).asText()).isEqualTo("method tck-gain@1");
        assertThat(verdict.path("failed").asInt()).isZero();
        assertThat(Files.readString(junit)).contains("name=\"required_3_02_freshAttachmentIsANoOp\"");
        assertThat(Files.readString(html)).contains("gain.jar keeps the contract");
    }

    @Test
    void aPluginThatBreaksARuleFailsWithItsNumberAndWhereToLookAndGetsNoCertificate() throws IOException {
        Path certificate = directory.resolve("certificate.json");

        Run run = Run.graft("tck", "run", jar().toString(), "--rules", "1.01", "--certificate", certificate.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains("1.01 (MUST): The manifest has")
                .contains("look at: the build")
                .contains("0 passed, 1 failed, 0 not applicable   seed 1")
                .contains("gain.jar breaks the contract");
        assertThat(certificate).doesNotExist();
    }

    @Test
    void mistakesAreNamedInOneSentence() {
        Run noJar = Run.graft("tck", "run", directory.resolve("none.jar").toString());
        Run noRule = Run.graft("tck", "run", "any.jar", "--rules", "99.01");

        assertThat(noJar.code()).isEqualTo(2);
        assertThat(noJar.err()).contains("there is no jar").contains("none.jar");
        assertThat(noRule.code()).isEqualTo(2);
        assertThat(noRule.err()).contains("--rules holds '99.01', which is no rule");
    }

    @Test
    void theRulesAreListed() {
        Run run = Run.graft("tck", "rules");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("RULE")
                .contains("3.02")
                .contains("A fresh attachment leaves the model's outputs");
    }

    @Test
    void anEngineIsTriedSeedBySeedAndItsCallsAreCounted() throws IOException {
        Run run = Run.graft("tck", "engine", "--minutes", "0", "--seed", "11", "--json");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(report.path("first_seed").asLong()).isEqualTo(11);
        assertThat(report.path("last_seed").asLong()).isEqualTo(11);
        assertThat(report.path("failed_seeds").size()).isZero();
        assertThat(report.path("calls").path("matmul").asLong()).isPositive();
        assertThat(report.path("total_calls").asLong())
                .isGreaterThan(report.path("calls").path("matmul").asLong());
    }

    @Test
    void anEngineThatIsNotThereAndATimeThatIsNoneAreNamed() {
        Run engine = Run.graft("tck", "engine", "torhc");
        Run time = Run.graft("tck", "engine", "--minutes", "-1");

        assertThat(engine.code()).isEqualTo(2);
        assertThat(engine.err()).contains("torhc").contains("torch");
        assertThat(time.code()).isEqualTo(2);
        assertThat(time.err()).contains("--minutes is -1.0; it must lie between 0 and");
    }
}
