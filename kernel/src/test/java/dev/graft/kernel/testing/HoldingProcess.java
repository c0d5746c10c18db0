package dev.graft.kernel.testing;

import dev.graft.kernel.plugin.ClassLoaderOpener;
import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another process that uses the optimizers of a folder until it is told to end, or killed. */
public final class HoldingProcess implements AutoCloseable {
    private final Process process;

    private HoldingProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it, and waits until it uses them.
     *
     * @param folder where the plugins are
     * @param temporary where it puts temporary files
     * @param holder who uses them
     */
    public static HoldingProcess start(Path folder, Path temporary, String holder) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            classPath,
                            HoldingProcess.class.getName(),
                            folder.toString(),
                            holder))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String line = output.readLine();
            if (!"holding".equals(line)) {
                process.destroyForcibly();
                throw new IllegalStateException("the process said " + line);
            }
            return new HoldingProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds the optimizers of the folder {@code arguments[0]} as {@code arguments[1]} until its input ends. */
    public static void main(String[] arguments) throws IOException {
        PluginRegistry registry = new PluginRegistry();
        try (FolderHost host = new FolderHost(registry, new ClassLoaderOpener(), List.of(Path.of(arguments[0])))) {
            host.scan();
            try (PluginLease lease = registry.lease(arguments[1])) {
                registry.newest(PluginKind.OPTIMIZER).forEach(plugin -> lease.optimizer(plugin.id()));
                System.out.println("holding");
                System.in.transferTo(System.out);
            }
        }
    }

    /** Its number. */
    public long id() {
        return process.pid();
    }

    /** Ends it at once, without its knowing. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Has it end. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
