package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.PackageVersions;
import dev.graft.spi.plugin.Provider;
import java.util.List;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;

/**
 * What the program shares with its bundles: the contracts, what these are made of, and the logging interface, in the
 * versions of the jars on the class path. An import with a range of versions finds nothing that has none.
 */
final class SystemPackages {
    private static final List<Class<?>> MEMBERS = List.of(Provider.class, Publisher.class, Logger.class);

    private SystemPackages() {}

    /** As {@code Export-Package} has it. */
    static String header() {
        return MEMBERS.stream().map(SystemPackages::exports).collect(Collectors.joining(","));
    }

    private static String exports(Class<?> member) {
        return PackageVersions.exports(member)
                .orElseThrow(() -> new IllegalStateException("what holds " + member.getName()
                        + " exports no package by its manifest; the class path has to be of bundles"));
    }
}
