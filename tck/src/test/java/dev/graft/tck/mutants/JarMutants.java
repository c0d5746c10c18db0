package dev.graft.tck.mutants;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.plugin.Provider;
import dev.graft.tck.Kit;
import dev.graft.tck.bundle.SpiVersion;
import dev.graft.tck.method.Gain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/** The jar of the kit's own method with one thing broken, by the number of the rule that has to find it. */
final class JarMutants {
    /** A property that one mutant leaves behind. */
    static final String KEPT = "graft.tck.kept";

    private static final String CAPABILITY = "osgi.serviceloader;osgi.serviceloader=\"%s\";register:=\"%s\"";

    private static final List<String> IMPORTS =
            List.of("config", "engine", "format", "method", "model", "optimizer", "plugin", "tensor");

    private JarMutants() {}

    /** A provider that nobody can make. */
    public static final class Hidden extends Quiet {
        private Hidden() {}
    }

    /** A provider that talks when it is made. */
    public static final class Talkative extends Quiet {
        /** Talks. */
        public Talkative() {
            System.out.println("here I am");
        }
    }

    /** A provider that stays where the program finds it. */
    public static final class Staying extends Quiet {
        /** Stays. */
        public Staying() {
            System.getProperties().put(KEPT, this);
        }
    }

    /** A provider that does nothing wrong. */
    public static class Quiet implements OptimizerProvider<NoOptions> {
        @Override
        public String id() {
            return "quiet";
        }

        @Override
        public String summary() {
            return "a provider in a jar";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Class<NoOptions> configuration() {
            return NoOptions.class;
        }

        @Override
        public Optimizer create(NoOptions configuration) {
            throw new UnsupportedOperationException("never made");
        }
    }

    /** A jar to be. */
    record Parts(Map<String, String> headers, Map<String, byte[]> files) {
        void service(Class<?> service, String... providers) {
            files.keySet().removeIf(name -> name.startsWith("META-INF/services/"));
            files.put(
                    "META-INF/services/" + service.getName(),
                    String.join("\n", providers).getBytes(StandardCharsets.UTF_8));
        }

        void optimizer(Class<?> provider) {
            add(Quiet.class);
            add(provider);
            provider(OptimizerProvider.class, provider);
        }

        void provider(Class<?> service, Class<?> provider) {
            service(service, provider.getName());
            headers.put("Provide-Capability", CAPABILITY.formatted(service.getName(), provider.getName()));
        }

        void add(Class<?> type) {
            String name = type.getName().replace('.', '/') + ".class";
            try (InputStream in = type.getResourceAsStream("/" + name)) {
                files.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Path write(Path file) {
            StringBuilder manifest = new StringBuilder("Manifest-Version: 1.0\n");
            headers.forEach((name, value) ->
                    manifest.append(name).append(": ").append(folded(value)).append('\n'));
            try (InputStream in = new ByteArrayInputStream(manifest.toString().getBytes(StandardCharsets.UTF_8));
                    OutputStream out = Files.newOutputStream(file);
                    JarOutputStream jar = new JarOutputStream(out, new Manifest(in))) {
                for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                    jar.putNextEntry(new ZipEntry(entry.getKey()));
                    jar.write(entry.getValue());
                    jar.closeEntry();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return file;
        }

        private static String folded(String value) {
            return value.replaceAll("(.{40})", "$1\n ");
        }
    }

    /** A jar with nothing broken. */
    static Parts honest() {
        Parts parts = new Parts(new LinkedHashMap<>(), new TreeMap<>());
        parts.add(Gain.class);
        parts.add(Gain.Config.class);
        for (Class<?> inner : Gain.class.getDeclaredClasses()) {
            parts.add(inner);
        }
        parts.headers().put("Bundle-ManifestVersion", "2");
        parts.headers().put("Bundle-SymbolicName", "dev.graft.tck.gain");
        parts.headers().put("Bundle-Version", "1");
        parts.headers().put("Implementation-Version", "1");
        String version = SpiVersion.current();
        String next = Integer.parseInt(version.substring(0, version.indexOf('.'))) + 1 + ".0";
        parts.headers()
                .put(
                        "Import-Package",
                        IMPORTS.stream()
                                .map(name -> "dev.graft.spi." + name + ";version=\"[" + version + "," + next + ")\"")
                                .collect(Collectors.joining(",")));
        parts.provider(MethodProvider.class, Gain.class);
        return parts;
    }

    static Map<String, Consumer<Parts>> all() {
        Map<String, Consumer<Parts>> mutants = new LinkedHashMap<>();
        mutants.put("1.01", jar -> jar.headers().remove("Bundle-SymbolicName"));
        mutants.put("1.02", jar -> jar.headers().put("Import-Package", "dev.graft.spi.method"));
        mutants.put("1.03", jar -> jar.headers().put("Export-Package", "dev.graft.tck.method"));
        mutants.put("1.04", jar -> jar.add(Provider.class));
        mutants.put("1.05", jar -> jar.files().put("natives/libtorch.so", new byte[4]));
        mutants.put("1.06", jar -> jar.add(Kit.class));
        mutants.put("1.07", jar -> jar.service(MethodProvider.class, "org.example.Gone"));
        mutants.put("1.08", jar -> jar.optimizer(Hidden.class));
        mutants.put("1.09", jar -> jar.optimizer(Talkative.class));
        mutants.put("1.10", jar -> jar.headers().remove("Provide-Capability"));
        mutants.put("1.11", jar -> jar.files().get(Gain.class.getName().replace('.', '/') + ".class")[7] = 65);
        mutants.put("1.12", jar -> jar.headers().put("Implementation-Version", "2"));
        mutants.put("1.13", jar -> jar.optimizer(Staying.class));
        mutants.put("1.14", jar -> {
            jar.optimizer(Quiet.class);
            jar.service(OptimizerProvider.class, Quiet.class.getName(), Quiet.class.getName());
        });
        return mutants;
    }
}
