package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static Path fixtures() {
        String named = System.getenv("GRAFT_FIXTURES");
        Path fixtures = Path.of(named == null ? "../../../shared/fixtures" : named);
        assumeThat(fixtures)
                .as("reference fixtures: set GRAFT_FIXTURES to their directory")
                .isDirectory();
        return fixtures;
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    @Test
    void aFaithfulCheckpointPasses() {
        Run run = Run.graft("verify", fixtures().resolve("models/llama").toString());

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("llama ").contains("pass").contains("1 passed, 0 failed, 0 unsupported");
    }

    @Test
    void anUnfaithfulCheckpointFailsWithExitCodeOne(@TempDir Path directory) throws IOException {
        Path copy = copy(fixtures().resolve("models/llama"), directory.resolve("llama"));
        Path config = copy.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("\"rms_norm_eps\": [^,]*,", "\"rms_norm_eps\": 0.5,"));

        Run run = Run.graft("verify", directory.toString(), "--json");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(run.code()).isEqualTo(1);
        assertThat(report.path("case").asText()).isEqualTo("llama");
        assertThat(report.path("status").asText()).isEqualTo("fail");
        assertThat(report.path("max_abs_error").asDouble()).isGreaterThan(2e-4);
        assertThat(report.path("reason").asText()).isNotEmpty();
    }

    @Test
    void aCaseWithoutItsPluginIsUnsupportedAndNamesIt(@TempDir Path directory) throws IOException {
        Path strange = Files.createDirectories(directory.resolve("strange"));
        Files.writeString(strange.resolve("config.json"), "{\"model_type\": \"stranger\"}");
        Files.writeString(strange.resolve("expected.safetensors"), "");

        Run run = Run.graft("verify", directory.toString(), "--json");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(run.code()).isZero();
        assertThat(report.path("status").asText()).isEqualTo("unsupported");
        assertThat(report.path("reason").asText()).contains("stranger");
        assertThat(report.has("max_rel_loss_error")).isTrue();
    }

    @Test
    void aDirectoryWithoutCasesIsBadInput(@TempDir Path directory) {
        Run run = Run.graft("verify", directory.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("holds no reference case");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anUnknownEngineIsBadInput(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("expected.json"), "{}");

        Run run = Run.graft("verify", directory.toString(), "--engine", "trch");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no engine 'trch'; did you mean 'torch'?");
    }
}
