package dev.graft.tck.bundle;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;

/**
 * A class loader with the classes of one jar, and beside them those of the program but for Graft's kernel: its own classes come
 * from the jar, the contracts always from the program.
 */
final class JarClassLoader extends URLClassLoader {
    private static final String CONTRACTS = "dev.graft.spi.";
    private static final List<String> HIDDEN = List.of("dev.graft.kernel.", "dev.graft.tck.", "dev.graft.standalone.");

    private final Set<String> own;

    /**
     * A class loader.
     *
     * @param own names of the classes in the jar
     */
    JarClassLoader(URL jar, Set<String> own, ClassLoader program) {
        super(new URL[] {jar}, program);
        this.own = Set.copyOf(own);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (own.contains(name) && !name.startsWith(CONTRACTS)) {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
        if (HIDDEN.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name + ", which plugins do not see");
        }
        return super.loadClass(name, resolve);
    }

    @Override
    public URL getResource(String name) {
        URL found = findResource(name);
        return found == null ? super.getResource(name) : found;
    }
}
