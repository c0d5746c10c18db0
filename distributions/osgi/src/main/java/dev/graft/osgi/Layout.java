package dev.graft.osgi;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where things lie.
 *
 * @param bundles bundles that are started with the framework, the shell among them
 * @param plugins folders whose jars are plugins, as long as they lie there
 */
public record Layout(List<Path> bundles, List<Path> plugins) {
    /**
     * The layout of an installation: {@code bundle/}, and the folders that {@code conf/graft.properties} names.
     *
     * @throws ConfigurationException if the settings cannot be read or have an unknown key
     */
    public static Layout of(Path home) {
        Path file = home.resolve("conf/graft.properties");
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(file);
                Stream<Path> jars = Files.list(home.resolve("bundle"))) {
            settings.load(reader);
            for (String key : settings.stringPropertyNames()) {
                if (!key.equals("plugins")) {
                    throw new ConfigurationException(file + ": key '" + key + "' is unknown; allowed: plugins");
                }
            }
            String folders = settings.getProperty("plugins", "plugins");
            return new Layout(
                    jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList(),
                    Arrays.stream(folders.split(",", -1))
                            .map(String::strip)
                            .map(folder -> folder.startsWith("~/")
                                    ? Path.of(System.getProperty("user.home"), folder.substring(2))
                                    : home.resolve(folder))
                            .toList());
        } catch (IOException e) {
            throw new ConfigurationException("the installation in " + home + " cannot be read: " + e, e);
        }
    }
}
