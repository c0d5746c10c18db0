package dev.graft.tck.junit;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.tck.rule.Level;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.run.JarExamination;
import dev.graft.tck.run.Selection;
import dev.graft.tck.run.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules on a plugin's jar without a class of the author's, for Surefire's {@code dependenciesToScan}. The system property
 * {@value #JAR} names the jar, {@value #SEED} the seed.
 */
final class PluginJarTest {
    /** The system property that names the jar. */
    static final String JAR = "graft.tck.jar";

    /** The system property that holds the seed; 1 unless given. */
    static final String SEED = "graft.tck.seed";

    @TestFactory
    Stream<DynamicTest> theJarKeepsEveryRule() {
        String jar = System.getProperty(JAR);
        Assumptions.assumeTrue(
                jar != null && Files.isRegularFile(Path.of(jar)),
                "there is no jar at " + jar + ", as " + JAR + " names it");
        JarExamination examination = new JarExamination(
                new ServiceLoaderHost(PluginJarTest.class.getClassLoader()).registry(),
                "torch",
                Long.getLong(SEED, 1),
                Selection.ALL,
                Optional.empty());
        Verdict verdict = examination.run(Path.of(jar), (outcome, done, all) -> {});
        return verdict.outcomes().stream()
                .map(outcome -> DynamicTest.dynamicTest(
                        outcome.subject() + " " + outcome.rule().testName(), () -> assertKept(outcome)));
    }

    private static void assertKept(Outcome outcome) {
        if (outcome.status() == Outcome.Status.FAILED && outcome.rule().level() == Level.MUST) {
            Assertions.fail(outcome.explanation());
        }
        Assumptions.assumeTrue(outcome.status() == Outcome.Status.PASSED, outcome.found());
    }
}
