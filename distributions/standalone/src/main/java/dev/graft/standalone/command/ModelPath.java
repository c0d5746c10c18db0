package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.HubCache;
import dev.graft.kernel.checkpoint.HubSettings;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.terminal.Console;
import dev.graft.standalone.terminal.DownloadProgress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds what people name on the command line: a directory, or a model of the hub by its id. */
final class ModelPath {
    private ModelPath() {}

    /**
     * The directory.
     *
     * @param text a path, or {@code org/name} or {@code org/name@revision}
     * @throws ConfigurationException if there is no such directory and no such model
     */
    static Path resolve(String text, Console console) {
        Path path = Path.of(text);
        if (Files.isDirectory(path)) {
            return path;
        }
        if (Files.exists(path)) {
            throw new ConfigurationException(text + " is a file where a directory is expected");
        }
        if (path.isAbsolute() || text.startsWith(".") || !HubCache.isId(text)) {
            throw new ConfigurationException("there is no directory " + text);
        }
        HubSettings settings = HubSettings.from(System.getenv(), Path.of(System.getProperty("user.home")));
        return new HubCache(settings).directory(text, new DownloadProgress(console));
    }
}
