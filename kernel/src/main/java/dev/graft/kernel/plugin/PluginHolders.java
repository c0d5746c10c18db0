package dev.graft.kernel.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who uses plugins, in this process and in others.
 *
 * @param registry the plugins of this process
 * @param elsewhere what other processes use of its folders
 */
public record PluginHolders(PluginRegistry registry, List<HeldPlugin> elsewhere) {
    /** Copies the list. */
    public PluginHolders {
        elsewhere = List.copyOf(elsewhere);
    }

    /** As it is now. */
    public static PluginHolders of(PluginRegistry registry, List<Path> folders) {
        return new PluginHolders(registry, HeldPlugin.elsewhere(folders));
    }

    /** Who uses a plugin; those of other processes with the number of theirs. */
    public List<String> of(Plugin plugin) {
        return Stream.concat(
                        registry.holders(plugin).stream(),
                        elsewhere.stream().filter(held -> held.is(plugin)).map(HeldPlugin::who))
                .toList();
    }

    /** What other processes still use and is no longer there. */
    public List<HeldPlugin> gone() {
        return elsewhere.stream()
                .filter(held -> registry.plugins().stream().noneMatch(held::is))
                .toList();
    }
}
