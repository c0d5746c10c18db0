package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.plugin.AllowList;
import dev.graft.kernel.plugin.JarOpener;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginFailure;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.Sha256;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What every host of plugin jars must stand.
 *
 * @param opener makes what the host opens jars with
 * @param scratch a directory for the jars
 */
public record HostChecks(Supplier<? extends JarOpener> opener, Path scratch) {
    private static final int CYCLES = 200;

    /** Something done with a bench. */
    private interface Check {
        void run(HostBench bench) throws IOException;
    }

    /** Every check as a test of its own. */
    public Stream<DynamicTest> tests() {
        return Stream.of(
                test("a jar that comes is there and one that goes is gone", HostChecks::comesAndGoes),
                test("a plugin knows its jar, its checksum and its host", HostChecks::provenance),
                test("a jar that changes takes the place of what it was", HostChecks::changes),
                test("versions in different jars stand side by side", HostChecks::sideBySide),
                test("what is dropped into a watched folder is there within three seconds", HostChecks::watched),
                test("what is in use is unloaded when its last lease ends", HostChecks::leases),
                test("a replaced jar stays as it was for whoever uses it", HostChecks::replacedWhileInUse),
                test("a plugin sees the contracts and nothing else of the program", HostChecks::seesContracts),
                test("two plugins have their own versions of one library", HostChecks::libraries),
                test("what is no plugin is reported in a line", HostChecks::noPlugins),
                test("a jar without what it depends on is reported in a line", HostChecks::lacking),
                test("a jar for other contracts is reported in a line", HostChecks::otherContracts),
                test("a jar whose classes fail is reported in a line", HostChecks::failing),
                test("a plugin that fails in create is named with its jar", HostChecks::failsInCreate),
                test("an update that cannot be used leaves what was there", HostChecks::brokenUpdate),
                test("of two jars with one version the second waits", HostChecks::twice),
                test("a list of checksums says what is allowed", HostChecks::allowList),
                test("a list of signers says what is allowed", SignerChecks::signersSayWhatIsAllowed),
                test("a list of signers counts when it changes", SignerChecks::aListOfSignersCountsWhenItChanges),
                test("a closed host leaves nothing behind", HostChecks::closed),
                test("coming and going many times leaves nothing behind", HostChecks::cycles));
    }

    private DynamicTest test(String name, Check check) {
        return dynamicTest(name, () -> {
            try (HostBench bench = new HostBench(opener.get(), scratch)) {
                check.run(bench);
            }
        });
    }

    private static void comesAndGoes(HostBench bench) throws IOException {
        bench.host.scan();
        assertThat(bench.names()).isEmpty();

        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();
        assertThat(bench.names()).containsExactly("optimizer sample@1.0.0");
        bench.host.scan();
        assertThat(bench.unloaded).isEmpty();

        Files.delete(jar);
        bench.host.scan();
        assertThat(bench.names()).isEmpty();
        assertThat(bench.unloaded).containsExactly("sample.jar");
        assertThat(bench.broken()).isEmpty();
    }

    private static void provenance(HostBench bench) {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();

        Plugin plugin = bench.registry.plugin(PluginKind.OPTIMIZER, "sample");
        assertThat(plugin.provenance().jar()).isEqualTo(jar.toAbsolutePath());
        assertThat(plugin.provenance().sha256()).isEqualTo(Sha256.of(jar));
        assertThat(plugin.provenance().host()).isNotBlank();
        assertThat(plugin.provider().summary()).isEqualTo("a sample");
    }

    private static void changes(HostBench bench) {
        SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();
        SamplePlugin.of("sample").saying("\"better\"").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();

        assertThat(bench.names()).containsExactly("optimizer sample@1.0.0");
        assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("better");
        assertThat(bench.unloaded).containsExactly("sample.jar");
        assertThat(bench.broken()).isEmpty();
    }

    private static void sideBySide(HostBench bench) {
        SamplePlugin.of("sample").jar("sample-1.9.0", "1.9.0").into(bench.folder);
        SamplePlugin.of("sample").jar("sample-1.10.0", "1.10.0").into(bench.folder);
        bench.host.scan();

        assertThat(bench.registry.optimizer("sample").version()).isEqualTo("1.10.0");
        assertThat(bench.registry.optimizer("sample@1.9.0").version()).isEqualTo("1.9.0");
    }

    private static void watched(HostBench bench) throws IOException {
        bench.host.watch();
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        await().atMost(Duration.ofSeconds(3)).until(() -> bench.names().equals(List.of("optimizer sample@1.0.0")));
        SamplePlugin.of("sample").jar("sample", "1.1.0").into(bench.folder);
        await().atMost(Duration.ofSeconds(3)).until(() -> bench.names().equals(List.of("optimizer sample@1.1.0")));
        Files.delete(jar);
        await().atMost(Duration.ofSeconds(3)).until(() -> bench.names().isEmpty());
    }

    private static void leases(HostBench bench) throws IOException {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();
        PluginLease lease = bench.registry.lease("a run");
        OptimizerProvider<?> provider = lease.optimizer("sample");
        Files.delete(jar);
        bench.host.scan();

        assertThat(bench.names()).isEmpty();
        assertThat(bench.unloaded).isEmpty();
        assertThat(bench.registry.leaving()).hasSize(1);
        assertThat(provider.summary()).isEqualTo("a sample");
        lease.close();
        assertThat(bench.unloaded).containsExactly("sample.jar");
        assertThat(bench.registry.leaving()).isEmpty();
    }

    private static void replacedWhileInUse(HostBench bench) {
        String late = "static class Late { static String text() { return \"%s\"; } }";
        SamplePlugin sample = SamplePlugin.of("sample").saying("Late.text()");
        sample.with(late.formatted("old")).jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();
        try (PluginLease lease = bench.registry.lease("a run")) {
            OptimizerProvider<?> old = lease.optimizer("sample");
            sample.with(late.formatted("new")).jar("sample", "1.1.0").into(bench.folder);
            bench.host.scan();

            assertThat(old.summary())
                    .as("a class that was not loaded before its jar was replaced")
                    .isEqualTo("old");
            assertThat(lease.optimizer("sample")).isSameAs(old);
            assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("new");
        }
        assertThat(bench.unloaded).containsExactly("sample.jar");
    }

    private static void seesContracts(HostBench bench) {
        SamplePlugin.of("sample")
                .with("static String see(String name) { try { Class.forName(name); return \"sees \"; }"
                        + " catch (ClassNotFoundException e) { return \"misses \"; } }")
                .saying("see(\"dev.graft.spi.plugin.Provider\") + see(\"dev.graft.kernel.plugin.PluginRegistry\")"
                        + " + see(\"com.fasterxml.jackson.databind.ObjectMapper\") + see(\"java.util.List\")")
                .jar("sample", "1.0.0")
                .into(bench.folder);
        bench.host.scan();

        assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("sees misses misses sees ");
    }

    private static void libraries(HostBench bench) throws IOException {
        for (String version : List.of("one", "two")) {
            Path library = JarBuilder.named("library")
                    .source(
                            "org.library.Library",
                            "package org.library; public class Library { public static String version() { return \""
                                    + version + "\"; } }")
                    .into(bench.fresh());
            SamplePlugin.of(version)
                    .saying("org.library.Library.version()")
                    .jar(version, "1.0.0")
                    .library(library)
                    .into(bench.folder);
        }
        bench.host.scan();

        assertThat(bench.broken()).isEmpty();
        assertThat(bench.registry.optimizer("one").summary()).isEqualTo("one");
        assertThat(bench.registry.optimizer("two").summary()).isEqualTo("two");
    }

    private static void noPlugins(HostBench bench) throws IOException {
        Files.writeString(bench.folder.resolve("text.jar"), "no jar at all");
        JarBuilder.named("library").entry("some/file", new byte[1]).into(bench.folder);
        JarBuilder.named("named")
                .service(OptimizerProvider.class, "org.example.Absent")
                .into(bench.folder);
        JarBuilder.named("other")
                .source("org.example.Other", "package org.example; public class Other {}")
                .service(OptimizerProvider.class, "org.example.Other")
                .into(bench.folder);

        assertReported(
                bench,
                "skipped library.jar: it is no plugin: it names no provider in META-INF/services/dev.graft.spi...",
                "skipped a broken optimizer plugin of named.jar: org.example.Absent is not in it",
                "skipped a broken optimizer plugin of other.jar: org.example.Other is no OptimizerProvider",
                "skipped text.jar: it is no jar that can be read: ");
    }

    private static void lacking(HostBench bench) throws IOException {
        Path library = JarBuilder.named("library")
                .source("org.library.Base", "package org.library; public class Base {}")
                .into(bench.fresh());
        SamplePlugin.of("lacking")
                .with("static final org.library.Base BASE = new org.library.Base();")
                .jar("lacking", "1.0.0")
                .against(library)
                .into(bench.folder);

        assertReported(
                bench,
                "skipped a broken optimizer plugin of lacking.jar: org.example.Sample cannot be made:"
                        + " NoClassDefFoundError (org/library/Base)");
    }

    private static void otherContracts(HostBench bench) {
        SamplePlugin.of("future")
                .jar("future", "1.0.0")
                .header("Import-Package", "dev.graft.spi.plugin;version=\"[7.0,8)\",dev.graft.spi.optimizer")
                .into(bench.folder);

        assertReported(
                bench,
                "skipped future.jar: it is made for another version of the contracts: it needs dev.graft.spi.plugin"
                        + " [7.0,8), and this program has ");
    }

    private static void failing(HostBench bench) {
        SamplePlugin.of("initialiser")
                .with("static final int SIZE = Integer.parseInt(\"many\");")
                .jar("initialiser", "1.0.0")
                .into(bench.folder);
        SamplePlugin.of("constructor")
                .with("public Sample() { throw new IllegalStateException(\"no disk\"); }")
                .jar("constructor", "1.0.0")
                .into(bench.folder);
        SamplePlugin.of("Not An Id").jar("nameless", "1.0.0").into(bench.folder);
        SamplePlugin.of("silent").saying("null").jar("silent", "1.0.0").into(bench.folder);
        SamplePlugin.of("stumbling")
                .saying("java.util.List.<String>of().get(0)")
                .jar("stumbling", "1.0.0")
                .into(bench.folder);

        assertReported(
                bench,
                "skipped a broken optimizer plugin of constructor.jar: org.example.Sample cannot be made:"
                        + " IllegalStateException (no disk)",
                "skipped a broken optimizer plugin of initialiser.jar: org.example.Sample cannot be made:"
                        + " ExceptionInInitializerError: NumberFormatException (For input string: \"many\")",
                "skipped a broken optimizer plugin of nameless.jar: org.example.Sample cannot be used:"
                        + " IllegalArgumentException (its id is 'Not An Id'",
                "skipped a broken optimizer plugin of silent.jar: org.example.Sample cannot be used:"
                        + " IllegalArgumentException (it has no summary or no configuration)",
                "skipped a broken optimizer plugin of stumbling.jar: org.example.Sample cannot be used: ");
    }

    /** Every jar of the folder is reported, in the order of their names, and a good one beside them works. */
    private static void assertReported(HostBench bench, String... beginnings) {
        SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();

        List<String> lines = bench.broken();
        assertThat(lines).hasSameSizeAs(beginnings).noneMatch(line -> line.contains("\n"));
        for (int i = 0; i < beginnings.length; i++) {
            assertThat(lines.get(i)).startsWith(beginnings[i]);
        }
        assertThat(bench.names()).containsExactly("optimizer sample@1.0.0");
        assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("a sample");
    }

    private static void failsInCreate(HostBench bench) {
        SamplePlugin.of("sample")
                .creating("throw new IllegalStateException(\"no room\");")
                .jar("sample", "1.0.0")
                .into(bench.folder);
        bench.host.scan();

        assertThatThrownBy(() -> new PluginInstances(bench.registry).optimizer(new PluginSection("sample", Map.of())))
                .isInstanceOf(PluginFailure.class)
                .hasMessage("optimizer sample@1.0.0 of sample.jar failed: IllegalStateException (no room)");
        assertThat(bench.names()).containsExactly("optimizer sample@1.0.0");
    }

    private static void brokenUpdate(HostBench bench) throws IOException {
        SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.scan();
        Files.writeString(bench.folder.resolve("sample.jar"), "cut off");
        bench.host.scan();

        assertThat(bench.names()).containsExactly("optimizer sample@1.0.0");
        assertThat(bench.broken()).singleElement().asString().endsWith("; the one it replaces stays in use");
        SamplePlugin.of("sample").jar("sample", "1.1.0").into(bench.folder);
        bench.host.scan();
        assertThat(bench.names()).containsExactly("optimizer sample@1.1.0");
        assertThat(bench.broken()).isEmpty();
    }

    private static void twice(HostBench bench) throws IOException {
        Path first =
                SamplePlugin.of("sample").saying("\"first\"").jar("a", "1.0.0").into(bench.folder);
        SamplePlugin.of("sample").saying("\"second\"").jar("b", "1.0.0").into(bench.folder);
        bench.host.scan();

        assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("first");
        assertThat(bench.broken())
                .containsExactly("skipped a broken optimizer plugin of b.jar: optimizer sample@1.0.0 is already there,"
                        + " from a.jar");
        Files.delete(first);
        bench.host.scan();
        assertThat(bench.registry.optimizer("sample").summary()).isEqualTo("second");
        assertThat(bench.broken()).isEmpty();
    }

    private static void allowList(HostBench bench) throws IOException {
        Path good = SamplePlugin.of("good").jar("good", "1.0.0").into(bench.folder);
        Path bad = SamplePlugin.of("bad").jar("bad", "1.0.0").into(bench.folder);
        Path list = bench.folder.resolve(AllowList.FILE);
        Files.writeString(list, "# what we trust\n" + Sha256.of(good) + "  good.jar\n");
        bench.host.scan();

        assertThat(bench.names()).containsExactly("optimizer good@1.0.0");
        assertThat(bench.broken())
                .containsExactly("skipped bad.jar: it is not allowed: its SHA-256 " + Sha256.of(bad) + " is not in "
                        + list.toAbsolutePath());
        Files.writeString(list, Sha256.of(bad) + "\n");
        bench.host.scan();
        assertThat(bench.names()).containsExactly("optimizer bad@1.0.0");
        Files.writeString(list, "good.jar\n");
        bench.host.scan();
        assertThat(bench.broken())
                .allMatch(line -> line.contains("allowed.sha256:1: 'good.jar' is no SHA-256 checksum"));
    }

    private static void closed(HostBench bench) {
        SamplePlugin.of("sample").jar("sample", "1.0.0").into(bench.folder);
        bench.host.watch();
        PluginLease lease = bench.registry.lease("a run");
        OptimizerProvider<?> provider = lease.optimizer("sample");
        bench.host.close();

        assertThat(bench.names()).isEmpty();
        assertThat(bench.unloaded).isEmpty();
        assertThat(provider.summary()).isEqualTo("a sample");
        lease.close();
        assertThat(bench.unloaded).containsExactly("sample.jar");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("graft-plugins") || name.startsWith("Felix")));
    }

    private static void cycles(HostBench bench) throws IOException {
        Path first = SamplePlugin.of("sample").jar("first", "1.0.0").into(bench.fresh());
        Path second = SamplePlugin.of("sample").jar("second", "1.1.0").into(bench.fresh());
        Path jar = bench.folder.resolve("sample.jar");
        cycle(bench, jar, first, second, new ArrayList<>());
        Footprint before = Footprint.now();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            cycle(bench, jar, first, second, loaders);
        }

        assertThat(loaders).hasSize(2 * CYCLES);
        Footprint.awaitNoMoreThan(before, loaders);
    }

    private static void cycle(
            HostBench bench, Path jar, Path first, Path second, List<WeakReference<ClassLoader>> loaders)
            throws IOException {
        for (Path version : List.of(first, second)) {
            Files.deleteIfExists(jar);
            Files.copy(version, jar);
            bench.host.scan();
            try (PluginLease lease = bench.registry.lease("a run")) {
                OptimizerProvider<?> provider = lease.optimizer("sample");
                assertThat(provider.summary()).isEqualTo("a sample");
                loaders.add(new WeakReference<>(provider.getClass().getClassLoader()));
            }
        }
        Files.delete(jar);
        bench.host.scan();
        assertThat(bench.names()).isEmpty();
    }
}
