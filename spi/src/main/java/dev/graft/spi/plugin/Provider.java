package dev.graft.spi.plugin;

/**
 * What every plugin registers: a name that recipes and files use, and the configuration it takes. Providers are found
 * through {@code META-INF/services} under the name of their kind's interface, have a public no-argument constructor,
 * and do nothing in it.
 *
 * @param <C> the configuration, a record whose components carry {@link dev.graft.spi.config.Key}
 */
public interface Provider<C extends Record> {
    /** The name used in recipes and files: lower-case letters, digits and hyphens. */
    String id();

    /** One line for listings: what it does. */
    String summary();

    /** The record that holds the configuration. */
    Class<C> configuration();

    /** The plugin's own version; that of its jar unless overridden. */
    default String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
