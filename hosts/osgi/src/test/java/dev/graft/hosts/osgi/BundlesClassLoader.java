package dev.graft.hosts.osgi;

import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.Bundle;

/** Shows what is in some bundles, private or not, behind a class path. */
final class BundlesClassLoader extends ClassLoader {
    private final List<Bundle> bundles;

    BundlesClassLoader(ClassLoader classPath, List<Bundle> bundles) {
        super(classPath);
        this.bundles = bundles;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        for (Bundle bundle : bundles) {
            if (bundle.getEntry(file) != null) {
                return bundle.loadClass(name);
            }
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        return Collections.enumeration(bundles.stream()
                .map(bundle -> bundle.getEntry(name))
                .filter(Objects::nonNull)
                .toList());
    }
}
