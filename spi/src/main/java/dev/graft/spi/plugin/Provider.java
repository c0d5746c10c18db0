package dev.graft.spi.plugin;

/**
 * What every plugin registers: a name that recipes and files use, and the configuration it takes. Providers are found
 * through {@code META-INF/services} under the name of their kind's interface, have a public no-argument constructor,
 * and do nothing in it.
 *
 * <p>Whatever a provider is asked, it MUST answer the same every time (rule 2.10) and in every host (rule 16.02).
 * Keys that its configuration does not have MUST be refused, which the kernel sees to (rule 2.06).
 *
 * @param <C> the configuration, a record whose components carry {@link dev.graft.spi.config.Key}
 */
public interface Provider<C extends Record> {
    /**
     * The name used in recipes and files: lower-case letters, digits and hyphens.
     *
     * <p>It MUST consist of lower-case letters, digits and single hyphens (rule 2.01), and MUST be another one than
     * those of the jar's other providers of its kind (rule 1.14).
     */
    String id();

    /**
     * One line for listings: what it does.
     *
     * <p>It MUST be one line of at most 120 characters (rule 2.09).
     */
    String summary();

    /**
     * The record that holds the configuration.
     *
     * <p>Every component MUST carry a {@link dev.graft.spi.config.Key} with a sentence (rule 2.03), and every
     * default MUST be a value that its key allows (rule 2.04). Without any keys it MUST bind, or be refused for a
     * required key by its name (rule 2.05). Whatever value stands at a key MUST be taken or refused in one sentence
     * (rule 2.07). It is a value: what was written out MUST come back equal (rule 2.08), and what is bound from the
     * same keys MUST be equal (rule 2.12).
     */
    Class<C> configuration();

    /**
     * The plugin's own version; that of its jar unless overridden.
     *
     * <p>It MUST be numbers joined by dots, with a qualifier perhaps (rule 2.02).
     */
    default String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
