package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;

/**
 * What every plugin in a class loader of its own sees of the program: the contracts, what these are made of, and the
 * logging interface. Everything else of the class path is hidden, so that a plugin brings its own version of it.
 */
final class ContractsClassLoader extends ClassLoader {
    /** Packages that plugins share with the program. */
    static final List<String> SHARED = List.of("dev.graft.spi.", "org.reactivestreams.", "org.slf4j.");

    private final ClassLoader program = Provider.class.getClassLoader();

    ContractsClassLoader() {
        super("contracts", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return program.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    protected URL findResource(String name) {
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        return java.util.Collections.emptyEnumeration();
    }
}
