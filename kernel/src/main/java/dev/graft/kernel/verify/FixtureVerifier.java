package dev.graft.kernel.verify;

import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs checkpoints, adapters and tokenizers against reference outputs: one case, or every case of a tree. A directory
 * is a case if it holds {@code expected.safetensors} or {@code expected.json}.
 */
public final class FixtureVerifier {
    private final PluginRegistry registry;
    private final GraftTensors tensors;

    /** A verifier for one engine and the installed plugins. */
    public FixtureVerifier(PluginRegistry registry, Engine engine) {
        this.registry = registry;
        this.tensors = new GraftTensors(engine);
    }

    /**
     * The cases at or below a directory, in the order of their names.
     *
     * @throws ConfigurationException if there is none
     */
    public static List<Path> cases(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ConfigurationException(directory + " is not a directory");
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> cases = all.filter(FixtureVerifier::isCase).sorted().toList();
            if (cases.isEmpty()) {
                throw new ConfigurationException(directory
                        + " holds no reference case: no directory with expected.safetensors or expected.json in it");
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Verifies every case at or below a directory and hands each report over as soon as it is known.
     *
     * @return whether no case failed
     */
    public boolean verify(Path directory, Consumer<CaseReport> reports) {
        boolean passed = true;
        for (Path folder : cases(directory)) {
            CaseReport report;
            try (PluginLease plugins = registry.lease("verification of " + folder)) {
                report = new CaseVerifier(plugins, tensors).verify(name(directory, folder), folder);
            }
            passed &= report.status() != CaseReport.Status.FAIL;
            reports.accept(report);
        }
        return passed;
    }

    private static boolean isCase(Path folder) {
        return Files.isDirectory(folder)
                && (Files.exists(folder.resolve("expected.safetensors"))
                        || Files.exists(folder.resolve("expected.json")));
    }

    private static String name(Path directory, Path folder) {
        Path below = directory
                .toAbsolutePath()
                .normalize()
                .relativize(folder.toAbsolutePath().normalize());
        return below.toString().isEmpty()
                ? String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                : below.toString().replace('\\', '/');
    }
}
