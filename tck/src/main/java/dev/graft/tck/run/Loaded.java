package dev.graft.tck.run;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.host.HostKind;
import dev.graft.tck.host.HostedJar;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The plugins of a jar as one host loaded them, on a bench.
 *
 * @param where the host, as reports say it
 * @param plugins the plugins
 * @param bench a bench among whose plugins they are
 * @param host what keeps them loaded
 */
record Loaded(String where, List<Plugin> plugins, Bench bench, AutoCloseable host) implements AutoCloseable {
    /**
     * The jar in each kind of host, but for engines and others that belong on the class path. A host that finds nothing is left out, since
     * the rules about jars and hosts tell why.
     *
     * @param engine id of the engine to run on, unless the jar brings one
     */
    static List<Loaded> of(PluginJar jar, PluginRegistry installed, String engine, long seed) {
        List<Loaded> loaded = new ArrayList<>();
        try {
            if (jar.services().containsKey(PluginKind.ENGINE) || jar.staysOnTheClassPath()) {
                List<Plugin> plugins = made(jar);
                add(loaded, "on the class path", plugins, installed, brought(plugins, engine), seed, () -> {});
                return loaded;
            }
            for (HostKind kind : HostKind.values()) {
                HostedJar hosted = HostedJar.open(kind, jar.file());
                add(loaded, kind.toString(), hosted.plugins(), installed, engine, seed, hosted);
            }
            return loaded;
        } catch (RuntimeException e) {
            loaded.forEach(Loaded::close);
            throw e;
        }
    }

    private static void add(
            List<Loaded> loaded,
            String where,
            List<Plugin> plugins,
            PluginRegistry installed,
            String engine,
            long seed,
            AutoCloseable host) {
        if (plugins.isEmpty()) {
            end(host);
            return;
        }
        try {
            loaded.add(new Loaded(where, plugins, new Bench(Kit.registry(installed, plugins), engine, seed), host));
        } catch (RuntimeException e) {
            end(host);
            throw e;
        }
    }

    private static List<Plugin> made(PluginJar jar) {
        try {
            return jar.plugins();
        } catch (ConfigurationException broken) {
            return List.of();
        }
    }

    private static String brought(List<Plugin> plugins, String engine) {
        return plugins.stream()
                .filter(plugin -> plugin.kind() == PluginKind.ENGINE)
                .map(Plugin::id)
                .findFirst()
                .orElse(engine);
    }

    /** The plugin of the same kind, id and version as another one. */
    Stream<Plugin> counterpart(Plugin other) {
        return plugins.stream().filter(plugin -> plugin.toString().equals(other.toString()));
    }

    private static void end(AutoCloseable host) {
        try {
            host.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        bench.close();
        end(host);
    }
}
