package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.kernel.plugin.AllowList;
import dev.graft.kernel.plugin.AllowedSigners;
import dev.graft.kernel.plugin.Sha256;
import dev.graft.kernel.testing.HoldingProcess;
import dev.graft.kernel.testing.JarBuilder;
import dev.graft.kernel.testing.JarKey;
import dev.graft.kernel.testing.SamplePlugin;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsInstalledIsListedAndWhatIsRemovedIsNot() throws IOException {
        Path jar = sample("1.0.0");

        Run installed = graft("install", jar.toString());
        assertThat(installed.err()).isEmpty();
        assertThat(installed.out()).isEqualTo("installed optimizer sample@1.0.0 in " + folder() + "\n");
        assertThat(graft("list").out()).contains("sample").contains("(sample-1.0.0.jar)");
        JsonNode listed = entry("sample");
        assertThat(listed.path("host").asText()).isEqualTo("folder");
        assertThat(listed.path("sha256").asText()).isEqualTo(Sha256.of(jar));
        assertThat(graft("describe", "sample").out())
                .startsWith("optimizer sample@1.0.0   (sample-1.0.0.jar)")
                .contains("SHA-256 " + Sha256.of(jar));

        assertThat(graft("remove", "sample").out()).isEqualTo("removed optimizer sample@1.0.0 from " + folder() + "\n");
        assertThat(files()).isEmpty();
        assertThat(graft("list").out()).doesNotContain("sample");
    }

    @Test
    void versionsStandSideBySideAndOneCanBePinned() {
        graft("install", sample("1.0.0").toString(), sample("1.1.0").toString());

        assertThat(graft("describe", "sample").out()).startsWith("optimizer sample@1.1.0");
        assertThat(graft("pin", "sample@1.0.0").out())
                .isEqualTo("sample@1.0.0 is taken where a recipe names no version\n");
        assertThat(graft("describe", "sample").out()).startsWith("optimizer sample@1.0.0");
        assertThat(graft("describe", "sample@1.1.0").out()).startsWith("optimizer sample@1.1.0");
        assertThat(graft("pin").out()).isEqualTo("sample@1.0.0\n");
        graft("pin", "sample", "--newest");
        assertThat(graft("describe", "sample").out()).startsWith("optimizer sample@1.1.0");
    }

    @Test
    void aPinnedVersionThatIsGoneIsWarnedOf() {
        graft("install", sample("1.0.0").toString(), sample("1.1.0").toString());
        graft("pin", "sample@1.0.0");
        assertThat(graft("remove", "sample@1.0.0").code()).isZero();

        assertThat(graft("list").err())
                .isEqualTo("graft: " + folder().resolve("pins") + " pins sample@1.0.0, which is not installed; the"
                        + " newest version there is will be taken\n");
    }

    @Test
    void anUpdateTakesThePlaceOfOlderVersions() throws IOException {
        graft("install", sample("1.0.0").toString());

        Run updated = graft("update", sample("1.1.0").toString());
        assertThat(updated.out()).isEqualTo("updated optimizer sample@1.1.0 in " + folder() + "\n");
        assertThat(files()).containsExactly("sample-1.1.0.jar");
    }

    @Test
    void whatCannotBeUsedIsNotInstalled() throws IOException {
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
        Path failing = SamplePlugin.of("failing")
                .with("public Sample() { throw new IllegalStateException(\"no disk\"); }")
                .jar("failing", "1.0.0")
                .into(directory);

        assertRefused("is not installed: it is no jar that can be read", "install", text.toString());
        assertRefused(
                "org.example.Sample cannot be made: IllegalStateException (no disk)", "install", failing.toString());
        assertRefused(
                "there is no file", "install", directory.resolve("absent.jar").toString());
        graft("install", sample("1.0.0").toString());
        assertRefused(
                "optimizer sample@1.0.0 is already there",
                "install",
                sample("1.0.0").toString());
        assertThat(files()).containsExactly("sample-1.0.0.jar");
    }

    @Test
    void whatCameWithTheProgramStays() {
        assertRefused("comes with the program", "remove", "adamw");
        assertRefused("there is no plugin 'adamv'", "remove", "adamv");
    }

    @Test
    void onlyAllowedJarsAreInstalledWhereThereIsAList() throws IOException {
        Path jar = sample("1.0.0");
        Files.createDirectories(folder());
        Files.writeString(folder().resolve(AllowList.FILE), Sha256.of(jar) + "  sample-1.0.0.jar\n");

        assertRefused(
                "it is not allowed: its SHA-256", "install", sample("1.1.0").toString());
        assertThat(graft("install", jar.toString()).code()).isZero();
    }

    @Test
    void onlyJarsOfAllowedSignersAreInstalledWhereThereIsAList() throws IOException {
        JarKey key = JarKey.of(directory, "Trusted");
        Files.createDirectories(folder());
        Files.writeString(folder().resolve(AllowedSigners.FILE), key.pem());

        Path jar = sample("1.0.0");
        assertRefused("it is not allowed: it is not signed by one of", "install", jar.toString());
        assertThat(graft("install", key.sign(jar).toString()).err()).isEmpty();
        assertRefused(
                "it is not allowed: it is not signed by one of",
                "update",
                sample("1.1.0").toString());
        assertThat(files()).contains("sample-1.0.0.jar").doesNotContain("sample-1.1.0.jar");
        assertThat(graft("list").out()).contains("(sample-1.0.0.jar)");
    }

    @Test
    void whatAnotherProcessUsesIsListedWithWhoUsesIt() throws IOException {
        graft("install", sample("1.0.0").toString());
        Path temporary = Files.createDirectory(directory.resolve("temporary"));

        try (HoldingProcess other = HoldingProcess.start(folder(), temporary, "training run runs/a")) {
            String who = "training run runs/a (process " + other.id() + ")";
            assertThat(oneLine(graft("list").out())).contains("(sample-1.0.0.jar), held by " + who);
            assertThat(entry("sample").path("held_by")).hasSize(1);
            assertThat(entry("sample").path("held_by").path(0).asText()).isEqualTo(who);
            assertThat(entry("adamw").path("held_by")).isEmpty();

            graft("remove", "sample");
            assertThat(oneLine(graft("list").out())).contains("sample 1.0.0 removed, held by " + who);
            assertThat(entry("sample").path("removed").asBoolean()).isTrue();
        }
        assertThat(graft("list").out()).doesNotContain("sample");
        assertThat(files()).isEmpty();
    }

    private static String oneLine(String table) {
        return table.replaceAll("\\s+", " ");
    }

    @Test
    void everyBrokenJarOfTheFolderIsNamedInOneLineAndEverythingElseWorks() throws IOException {
        graft("install", sample("1.0.0").toString());
        Files.writeString(folder().resolve("a-text.jar"), "no jar");
        JarBuilder.named("b-library").entry("some/file", new byte[1]).into(folder());
        Path library = JarBuilder.named("library")
                .source("org.library.Base", "package org.library; public class Base {}")
                .into(directory);
        SamplePlugin.of("lacking")
                .with("static final org.library.Base BASE = new org.library.Base();")
                .jar("c-lacking", "1.0.0")
                .against(library)
                .into(folder());
        SamplePlugin.of("future")
                .jar("d-future", "1.0.0")
                .header("Import-Package", "dev.graft.spi.plugin;version=\"[7.0,8)\"")
                .into(folder());
        SamplePlugin.of("initialiser")
                .with("static final int SIZE = Integer.parseInt(\"many\");")
                .jar("e-initialiser", "1.0.0")
                .into(folder());

        for (String[] command : new String[][] {{"list"}, {"describe", "sample"}}) {
            Run run = graft(command);
            assertThat(run.code()).isZero();
            List<String> lines = run.err().lines().toList();
            assertThat(lines).hasSize(5);
            assertThat(lines.get(0))
                    .startsWith("graft: skipped a-text.jar: it is no jar that can be read: ZipException");
            assertThat(lines.get(1))
                    .isEqualTo("graft: skipped b-library.jar: it is no plugin: it names no provider in"
                            + " META-INF/services/dev.graft.spi...");
            assertThat(lines.get(2))
                    .startsWith(
                            "graft: skipped a broken optimizer plugin of c-lacking.jar: org.example.Sample cannot be"
                                    + " made: NoClassDefFoundError (org/library/Base)");
            assertThat(lines.get(3))
                    .startsWith("graft: skipped d-future.jar: it is made for another version of the contracts: it needs"
                            + " dev.graft.spi.plugin [7.0,8), and this program has ");
            assertThat(lines.get(4))
                    .isEqualTo(
                            "graft: skipped a broken optimizer plugin of e-initialiser.jar: org.example.Sample cannot"
                                    + " be made: ExceptionInInitializerError: NumberFormatException (For input string:"
                                    + " \"many\")");
            assertThat(run.out()).contains("sample");
        }
        assertThat(graft("list").out()).contains("adamw").doesNotContain("lacking", "future", "initialiser");
    }

    @Test
    void aPluginThatFailsWhenItIsToMakeSomethingIsNamedWithItsJar() throws IOException {
        graft("install", sample("1.0.0").toString());
        Workplace workplace = new Workplace(directory);
        Path recipe = workplace.file("recipe.yaml", """
                model: {path: %s, from_scratch: true}
                method: lora
                objective: causal-lm
                optimizer: sample
                schedule: {learning_rate: 0.1}
                data: {train: %s, max_length: 32, batch_size: 1}
                training: {steps: 1}
                output: %s
                """.formatted(
                        workplace.blank(),
                        workplace.file("train.jsonl", "{\"text\": \"one two\"}\n"),
                        directory.resolve("run")));

        Run run = Run.graft("train", recipe.toString(), "--plugins", folder().toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("graft: optimizer sample@1.0.0 of sample-1.0.0.jar failed: UnsupportedOperationException");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    private Path folder() {
        return directory.resolve("plugins");
    }

    private Path sample(String version) {
        return SamplePlugin.of("sample").jar("sample-" + version, version).into(directory.resolve("built"));
    }

    private Run graft(String... arguments) {
        Stream<String> options = Stream.of("--plugins", folder().toString());
        return Run.graft(Stream.concat(Stream.concat(Stream.of("plugins"), Stream.of(arguments)), options)
                .toArray(String[]::new));
    }

    private void assertRefused(String message, String... arguments) {
        Run run = graft(arguments);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    private JsonNode entry(String id) {
        return Lines.of(graft("list", "--json")).stream()
                .filter(line -> line.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
