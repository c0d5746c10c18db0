package dev.graft.standalone.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.run.JarExamination;
import dev.graft.tck.run.Selection;
import dev.graft.tck.run.Verdict;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The jars that are shipped, held to the rules on jars, configurations and hosts. */
class ShippedJarsTest {
    @TempDir
    private static Path scratch;

    private final PluginRegistry installed = new ServiceLoaderHost(getClass().getClassLoader()).registry();

    @Test
    void everyInstalledPluginIsInOneOfThem() {
        Map<String, Path> jars = ShippedJars.all(scratch);

        assertThat(installed.plugins().stream()
                        .map(plugin -> plugin.provider().getClass())
                        .filter(type -> !type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()
                                .endsWith("test-classes/"))
                        .map(Class::getPackageName)
                        .distinct())
                .hasSameSizeAs(jars.keySet());
    }

    @TestFactory
    Stream<DynamicTest> everyJarKeepsTheRulesOnJarsAndHosts() {
        return ShippedJars.all(scratch).entrySet().stream()
                .map(jar -> DynamicTest.dynamicTest(jar.getKey(), () -> keepsTheRules(jar.getValue())));
    }

    private void keepsTheRules(Path jar) {
        Verdict verdict = new JarExamination(installed, "torch", 1, new Selection("1.*,2.*,16.*"), Optional.empty())
                .run(jar, (outcome, done, all) -> {});

        assertThat(verdict.outcomes())
                .filteredOn(outcome -> outcome.status() == Outcome.Status.FAILED)
                .extracting(Outcome::explanation)
                .isEmpty();
        assertThat(verdict.plugins()).isNotEmpty();
    }
}
