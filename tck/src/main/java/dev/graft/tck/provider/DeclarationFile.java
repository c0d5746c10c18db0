package dev.graft.tck.provider;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.spi.plugin.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an author says about a plugin, as YAML in its jar below {@code META-INF/graft/tck/}. */
public final class DeclarationFile {
    private static final String ROOT = "META-INF/graft/tck/";

    private DeclarationFile() {}

    /**
     * Reads a declaration.
     *
     * @param text YAML
     * @param name what messages call it
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static <D extends Record> D parse(Class<D> type, String text, String name) {
        YamlDocument document = YamlDocument.parse(text, name);
        return ConfigurationBinder.bind(type, document.tree(), "", document.source());
    }

    /**
     * The declaration that a plugin's class path holds for it; empty where there is none.
     *
     * @param folder folder below the root with a slash at its end, or empty
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong, naming the key
     */
    public static <D extends Record> Optional<D> of(Class<D> type, String folder, Provider<?> provider) {
        String name = ROOT + folder + provider.id() + ".yaml";
        ClassLoader classPath = provider.getClass().getClassLoader();
        try (InputStream in = classPath == null ? null : classPath.getResourceAsStream(name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(parse(type, new String(in.readAllBytes(), StandardCharsets.UTF_8), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
