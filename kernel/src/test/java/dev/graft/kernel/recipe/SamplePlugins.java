package dev.graft.kernel.recipe;

import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.plugin.Provider;

/** Plugins that exist by name and configuration only. */
final class SamplePlugins {
    record Sketch(
            @Key(value = "Width", defaultsTo = "8", min = 1) int rank,
            @Key("What is changed") Choice targets) {}

    record Walk(
            @Key(value = "Length of a step", defaultsTo = "1")
            double stride) {}

    private SamplePlugins() {}

    static PluginRegistry registry() {
        PluginRegistry registry = new PluginRegistry();
        add(registry, PluginKind.METHOD, "sketch", Sketch.class);
        add(registry, PluginKind.METHOD, "outline", NoOptions.class);
        add(registry, PluginKind.OBJECTIVE, "guess", NoOptions.class);
        add(registry, PluginKind.OPTIMIZER, "walk", Walk.class);
        add(registry, PluginKind.ENGINE, "abacus", NoOptions.class);
        return registry;
    }

    private static void add(
            PluginRegistry registry, PluginKind kind, String id, Class<? extends Record> configuration) {
        Provider<?> provider = mock(kind.provider());
        doReturn(id).when(provider).id();
        doReturn("1.0").when(provider).version();
        doReturn("What " + id + " does").when(provider).summary();
        doReturn(configuration).when(provider).configuration();
        registry.add(Plugin.of(kind, provider, id + ".jar"));
    }
}
