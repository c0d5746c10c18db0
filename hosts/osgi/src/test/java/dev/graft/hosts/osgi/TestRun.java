package dev.graft.hosts.osgi;

import java.nio.file.Path;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the tests of a class from within a test.
 *
 * @param tests the class, of whatever class loader
 * @param left methods that are left out
 * @param classPath what the tests find plugins on
 */
record TestRun(Class<?> tests, Set<String> left, ClassLoader classPath) {
    /**
     * Runs them.
     *
     * @param scratch for what the engines of tests write
     * @return what became of them
     * @throws AssertionError if one fails, with the first failure as its cause and all others beside it
     */
    TestExecutionSummary run(Path scratch) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .filters((PostDiscoveryFilter) found -> FilterResult.includedIf(!isLeft(found)))
                .configurationParameter(
                        "jqwik.database", scratch.resolve("jqwik-database").toString())
                .build();
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classPath);
        try {
            launcher.execute(request, listener);
        } finally {
            thread.setContextClassLoader(before);
        }
        throwFailures(listener.getSummary());
        return listener.getSummary();
    }

    private boolean isLeft(TestDescriptor found) {
        return found.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .filter(left::contains)
                .isPresent();
    }

    private void throwFailures(TestExecutionSummary summary) {
        AssertionError error = null;
        for (TestExecutionSummary.Failure failure : summary.getFailures()) {
            if (error == null) {
                String name = failure.getTestIdentifier().getDisplayName();
                error = new AssertionError(tests.getName() + ": " + name + " fails", failure.getException());
            } else {
                error.addSuppressed(failure.getException());
            }
        }
        if (error != null) {
            throw error;
        }
    }
}
