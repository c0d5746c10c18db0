package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.osgi.framework.FrameworkUtil;

/** Methods of this build, as the bundles that bnd makes of them, stand what they stand on a class path. */
class MethodBundlesTest {
    /** Classes and methods that take long and try the mathematics alone: whole courses of training, and means over many draws. */
    private static final Set<String> LONG = Set.of(
            "ForgettingTest",
            "SampledAnswersTest",
            "sampledAnswersGiveTheExpectationOverWhatTheModelPredicts",
            "dropoutActsInTrainingAloneAndKeepsTheMean");

    @TempDir
    private static Path folder;

    private static BundledMethods methods;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void install() {
        methods = new BundledMethods(folder);
    }

    @AfterAll
    static void close() {
        methods.close();
    }

    @Test
    void everyMethodOfThisBuildIsABundle() {
        try (HostedPlugins plugins = new HostedPlugins(HostKind.BUNDLES, scratch)) {
            BundledMethods.ids()
                    .forEach(id -> HostedPlugins.method(id, "1.0.0")
                            .manifest(HostedPlugins.classes(id).resolve(JarFile.MANIFEST_NAME))
                            .into(scratch));
            plugins.host.scan();

            assertThat(plugins.broken()).isEmpty();
            assertThat(plugins.registry.plugins(PluginKind.METHOD))
                    .extracting(Plugin::id)
                    .containsExactlyElementsOf(BundledMethods.ids());
        }
    }

    @TestFactory
    Stream<DynamicNode> theTestsOfEveryMethodPassOnItsBundle() {
        return BundledMethods.ids().stream()
                .map(id -> dynamicContainer(
                        id,
                        methods.tests(id).stream()
                                .filter(tests -> !LONG.contains(tests.getSimpleName()))
                                .map(tests -> dynamicTest(tests.getSimpleName(), () -> pass(id, tests)))));
    }

    private void pass(String id, Class<?> tests) {
        assertThat(FrameworkUtil.getBundle(tests))
                .isNotNull()
                .isSameAs(FrameworkUtil.getBundle(methods.registry.method(id).getClass()));
        TestExecutionSummary summary = new TestRun(tests, LONG, methods.classPath()).run(scratch);
        assertThat(summary.getTestsSucceededCount() + summary.getTestsAbortedCount())
                .as("those that succeed, and those that miss what is not on every machine")
                .isEqualTo(summary.getTestsFoundCount())
                .isPositive();
    }
}
