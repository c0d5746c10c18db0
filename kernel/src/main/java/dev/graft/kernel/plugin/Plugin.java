package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;

/**
 * A plugin that is there.
 *
 * @param kind what it is
 * @param id the name used in recipes and files
 * @param version its version
 * @param provider its entry point
 * @param provenance where it came from
 */
public record Plugin(PluginKind kind, String id, String version, Provider<?> provider, Provenance provenance) {
    /** The plugin behind a provider that came from something with only a name. */
    public static Plugin of(PluginKind kind, Provider<?> provider, String provenance) {
        return of(kind, provider, Provenance.of(provenance));
    }

    /**
     * The plugin behind a provider.
     *
     * @throws IllegalArgumentException if its id or version is malformed, or it is not of that kind
     */
    public static Plugin of(PluginKind kind, Provider<?> provider, Provenance provenance) {
        String id = provider.id();
        if (id == null || !id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("its id is '" + id
                    + "' where lower-case letters, digits and single hyphens between them are expected");
        }
        if (!kind.provider().isInstance(provider)) {
            throw new IllegalArgumentException(
                    provider.getClass().getName() + " is no " + kind.provider().getSimpleName());
        }
        return new Plugin(kind, id, PluginVersion.parse(provider.version()).toString(), provider, provenance);
    }

    /** Kind, id and version, for instance {@code engine torch@1.0.0}. */
    @Override
    public String toString() {
        return kind.text() + " " + id + "@" + version;
    }
}
