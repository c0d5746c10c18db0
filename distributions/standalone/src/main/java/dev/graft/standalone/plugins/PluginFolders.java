package dev.graft.standalone.plugins;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where plugins lie besides the class path.
 *
 * @param own the folder of whoever runs the program, which commands change
 * @param distribution the folder beside the program's jar, for all who run it
 */
public record PluginFolders(Path own, Path distribution) {
    /** The variable of the environment that names the own folder. */
    public static final String VARIABLE = "GRAFT_PLUGINS";

    /**
     * The folders of this program.
     *
     * @param chosen the own folder; null for the one of the environment or else {@code ~/.graft/plugins}
     */
    public static PluginFolders of(Path chosen, Map<String, String> environment) {
        String named = environment.get(VARIABLE);
        Path own = chosen != null
                ? chosen
                : named != null && !named.isBlank()
                        ? Path.of(named)
                        : Path.of(System.getProperty("user.home"), ".graft", "plugins");
        return new PluginFolders(own.toAbsolutePath().normalize(), program().resolveSibling("plugins"));
    }

    /** Both, the own one first. */
    public List<Path> all() {
        return List.of(own, distribution);
    }

    private static Path program() {
        try {
            return Path.of(PluginFolders.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
