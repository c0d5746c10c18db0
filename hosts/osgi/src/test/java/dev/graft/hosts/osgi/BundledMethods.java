package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.testing.JarBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * The methods of this build as the bundles that bnd makes of them, each with its module's tests as a fragment: they are
 * of the bundle's own class loader, and so see what is private to its packages.
 */
final class BundledMethods implements AutoCloseable {
    private static final Path METHODS = Path.of("../../plugins/methods");

    /** What tests see of the class path, beside the contracts, which they import as their bundles do. */
    private static final String TESTING =
            "org.junit.*,org.opentest4j,org.assertj.*,net.jqwik.*,org.mockito,org.mockito.*,"
                    + "dev.graft.kernel.*,dev.graft.optimizers.*,dev.graft.tokenizers.*,reactor.*";

    private static final Map<String, String> SETTINGS = Map.of(
            Constants.FRAMEWORK_BUNDLE_PARENT,
            Constants.FRAMEWORK_BUNDLE_PARENT_APP,
            Constants.FRAMEWORK_BOOTDELEGATION,
            TESTING);

    final PluginRegistry registry = new PluginRegistry();
    private final OsgiHost host;

    /**
     * Installs all methods and their tests.
     *
     * @param folder an empty one
     */
    BundledMethods(Path folder) {
        host = new OsgiHost(registry, List.of(folder.resolve("plugins")), SETTINGS);
        for (String id : ids()) {
            Path manifest = HostedPlugins.classes(id).resolve(JarFile.MANIFEST_NAME);
            install(tests(id, manifest).into(folder.resolve("tests")));
            HostedPlugins.method(id, "1.0.0").manifest(manifest).into(folder.resolve("plugins"));
        }
        host.scan();
    }

    /** The ids of all methods of this build, which are the names of their modules. */
    static List<String> ids() {
        try (Stream<Path> modules = Files.list(METHODS)) {
            return modules.filter(module -> Files.exists(module.resolve("pom.xml")))
                    .map(module -> module.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JarBuilder tests(String id, Path manifest) {
        return JarBuilder.named(id + "-tests")
                .classes(testClasses(id))
                .header(Constants.FRAGMENT_HOST, symbolicName(manifest));
    }

    private static Path testClasses(String id) {
        return METHODS.resolve(id).resolve("target/test-classes");
    }

    private static String symbolicName(Path manifest) {
        try (var in = Files.newInputStream(manifest)) {
            return new Manifest(in).getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install(Path fragment) {
        try {
            host.context().installBundle(fragment.toUri().toString());
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tests of a method's module, as its bundle loads them. */
    List<Class<?>> tests(String id) {
        Path root = testClasses(id);
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names = files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith("Test.class"))
                    .map(name -> name.replace(".class", "").replace('/', '.').replace('\\', '.'))
                    .sorted()
                    .toList();
            ClassLoader bundle = registry.method(id).getClass().getClassLoader();
            return names.stream().<Class<?>>map(name -> loaded(bundle, name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> loaded(ClassLoader bundle, String name) {
        try {
            return bundle.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The class path of the tests with the methods on it, each from its bundle. */
    ClassLoader classPath() {
        List<Bundle> bundles = Arrays.stream(host.context().getBundles())
                .filter(BundleOpener::opened)
                .toList();
        return new BundlesClassLoader(getClass().getClassLoader(), bundles);
    }

    @Override
    public void close() {
        host.close();
    }
}
