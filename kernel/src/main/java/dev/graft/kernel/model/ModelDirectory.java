package dev.graft.kernel.model;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.checkpoint.HubCache;
import dev.graft.kernel.checkpoint.HubSettings;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the directory of a model by its path or its id on the hub. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /**
     * The directory, after downloading what is missing.
     *
     * @param name a directory, or an id such as {@code org/name}
     * @param revision branch, tag or commit on the hub, or null
     * @throws ConfigurationException if it is neither
     */
    public static Path find(String name, String revision, DownloadListener listener) {
        Path directory = Path.of(name);
        if (Files.isDirectory(directory)) {
            return directory;
        }
        if (!HubCache.isId(name)) {
            throw new ConfigurationException(
                    "the model '" + name + "' is neither a directory nor an id such as org/name");
        }
        HubSettings settings = HubSettings.from(System.getenv(), Path.of(System.getProperty("user.home")));
        return new HubCache(settings).directory(name, Optional.ofNullable(revision), listener);
    }

    /**
     * The tokenizer of a model directory, by whatever installed plugin reads it.
     *
     * @throws ConfigurationException if there is none
     */
    public static Tokenizer tokenizer(Plugins registry, Path directory) {
        return registry.find(
                        PluginKind.TOKENIZER, plugin -> ((TokenizerProvider) plugin.provider()).supports(directory))
                .map(plugin -> ((TokenizerProvider) plugin.provider()).load(directory))
                .orElseThrow(() -> new ConfigurationException(
                        directory + " holds no tokenizer that an installed plugin reads, such as tokenizer.json"));
    }
}
