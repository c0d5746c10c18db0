package dev.graft.tck.bundle;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;
import static dev.graft.tck.rule.Rule.should;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.Threads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chapter 1: the jar. */
public final class PackagingRules {
    private static final int JAVA_17 = 61;
    private static final Pattern CLAUSE = Pattern.compile("([\\w.]+)((?:;[^,\"]*(?:\"[^\"]*\")?)*)(?:,|$)");
    private static final Pattern VERSION = Pattern.compile("version=\"?([^\";]+)\"?");
    private static final Pattern FOREIGN_ENGINE = Pattern.compile("^(org/bytedeco|org/nd4j|ai/djl)/.*");
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*");

    /** The chapter. */
    public static final Chapter<PluginJar> CHAPTER = new Chapter<>(
            1,
            "Packaging",
            List.of(
                    article(
                            must(
                                            "1.01",
                                            "theJarIsABundle",
                                            "The manifest has Bundle-ManifestVersion 2, Bundle-SymbolicName and"
                                                    + " Bundle-Version.")
                                    .because("One jar serves both hosts.")
                                    .look("the build: bnd-maven-plugin, and maven-jar-plugin with its manifest."),
                            PackagingRules::bundle),
                    article(
                            must(
                                            "1.02",
                                            "theContractsAreImportedWithARange",
                                            "It imports packages of the contracts, each with a"
                                                    + " version range that has two ends and holds the version at hand.")
                                    .because(
                                            "A bundle built for other contracts does not start, instead of failing later.")
                                    .look(
                                            "Import-Package: graft-spi has to be on the build path as a bundle, so that bnd"
                                                    + " sees its versions."),
                            PackagingRules::range),
                    article(
                            must("1.03", "nothingIsExported", "It exports no package.")
                                    .because("Nobody depends on a plugin.")
                                    .look("-exportcontents: with nothing behind it."),
                            jar -> Expect.equal(jar.header("Export-Package"), "", "Export-Package")),
                    article(
                            must(
                                            "1.04",
                                            "theContractsAreNotInside",
                                            "It holds no class of the contracts or the kernel.")
                                    .because("A second copy of an interface is another interface.")
                                    .look("graft-spi in scope provided."),
                            PackagingRules::noContracts),
                    article(
                            must(
                                            "1.05",
                                            "noEngineIsInside",
                                            "Unless it offers an engine, or its manifest says that it belongs on the class path, it holds no engine and no native library.")
                                    .because("Natives are loaded once, by the program.")
                                    .look("dependencies that are shaded in."),
                            PackagingRules::noEngine),
                    article(
                            must("1.06", "theKernelIsNotSeen", "None of its classes refers to the kernel.")
                                    .because("The kernel changes without notice; the contracts do not.")
                                    .look("imports of dev.graft.kernel."),
                            PackagingRules::noKernel),
                    article(
                            must(
                                            "1.07",
                                            "servicesNameClassesOfTheJar",
                                            "META-INF/services registers at least one provider, and"
                                                    + " each is a class of the jar.")
                                    .because("By these files it is found.")
                                    .look("META-INF/services, after renaming a class."),
                            PackagingRules::services),
                    article(
                            must(
                                            "1.08",
                                            "providersCanBeMade",
                                            "Every provider is a public class of its kind with a public"
                                                    + " constructor without arguments.")
                                    .because("Hosts make them.")
                                    .look("the provider's class and constructor."),
                            PackagingRules::providers),
                    article(
                            must(
                                            "1.09",
                                            "makingAProviderDoesNothing",
                                            "A provider's constructor starts no thread, sets no system"
                                                    + " property and prints nothing.")
                                    .because("A listing of plugins makes them all.")
                                    .look("the constructor and static initializers."),
                            PackagingRules::constructors),
                    article(
                            must(
                                            "1.10",
                                            "capabilitiesAgreeWithServices",
                                            "Provide-Capability names each registered provider"
                                                    + " under osgi.serviceloader, and no other.")
                                    .because("OSGi finds it by these.")
                                    .look("-metainf-services: auto."),
                            PackagingRules::capabilities),
                    article(
                            must("1.11", "itRunsOnJava17", "Its classes are made for Java 17 or earlier.")
                                    .because("So is Graft.")
                                    .look("maven.compiler.release."),
                            PackagingRules::java17),
                    article(
                            should(
                                            "1.12",
                                            "theJarSaysItsVersion",
                                            "Implementation-Version is there, and the providers answer" + " with it.")
                                    .because("Adapters note the version that made them.")
                                    .look("Implementation-Version: ${project.version}."),
                            PackagingRules::version),
                    article(
                            must(
                                            "1.13",
                                            "noClassLoaderIsLeft",
                                            "After its providers were made, asked and dropped, its class"
                                                    + " loader is collected.")
                                    .because("An update would keep every version in memory.")
                                    .look("threads, ThreadLocals, listeners and caches of classes of the program."),
                            PackagingRules::collected),
                    article(
                            must("1.14", "idsAreDifferent", "No two providers of a kind have the same id.")
                                    .because("One of them would never be found.")
                                    .look("id()."),
                            PackagingRules::ids)));

    private PackagingRules() {}

    private static void bundle(PluginJar jar) {
        Expect.equal(jar.header("Bundle-ManifestVersion"), "2", "Bundle-ManifestVersion");
        Expect.that(!jar.header("Bundle-SymbolicName").isBlank(), "there is no Bundle-SymbolicName");
        Expect.that(
                jar.header("Bundle-Version").matches("\\d+(\\.\\d+){0,2}(\\.[\\w-]+)?"),
                "Bundle-Version is '" + jar.header("Bundle-Version") + "'");
    }

    private static void range(PluginJar jar) {
        Matcher clauses = CLAUSE.matcher(jar.header("Import-Package"));
        String current = SpiVersion.current();
        boolean any = false;
        while (clauses.find()) {
            if (clauses.group(1).startsWith("dev.graft.spi")) {
                any = true;
                Matcher version = VERSION.matcher(clauses.group(2));
                String range = version.find() ? version.group(1) : "";
                Expect.that(
                        SpiVersion.holds(range, current),
                        clauses.group(1) + " is imported with version '" + range + "', which is no range around "
                                + current);
            }
        }
        Expect.that(any, "it imports no package of the contracts");
    }

    private static void noContracts(PluginJar jar) {
        for (String name : jar.contents().keySet()) {
            Expect.that(
                    !name.startsWith("dev/graft/spi/") && !name.startsWith("dev/graft/kernel/"), name + " is inside");
        }
    }

    private static void noEngine(PluginJar jar) {
        if (jar.services().containsKey(PluginKind.ENGINE)) {
            throw new NotApplicable("it offers an engine");
        }
        if (jar.staysOnTheClassPath()) {
            throw new NotApplicable("its manifest says that it belongs on the class path");
        }
        for (String name : jar.contents().keySet()) {
            Expect.that(
                    !FOREIGN_ENGINE.matcher(name).matches()
                            && !NATIVE.matcher(name).matches(),
                    name + " is inside");
        }
    }

    private static void noKernel(PluginJar jar) {
        Expect.that(!jar.header("Import-Package").contains("dev.graft.kernel"), "it imports packages of the kernel");
        jar.contents().forEach((name, bytes) -> {
            // names of classes stand as they are in a class file, JVM specification section 4.4
            boolean refers = name.endsWith(".class")
                    && new String(bytes, StandardCharsets.ISO_8859_1).contains("dev/graft/kernel/");
            Expect.that(!refers, name + " refers to the kernel");
        });
    }

    private static void services(PluginJar jar) {
        Expect.that(!jar.services().isEmpty(), "META-INF/services registers no provider of any kind");
        jar.services().forEach((kind, names) -> {
            Expect.that(!names.isEmpty(), "the services file of " + kind.text() + "s is empty");
            names.forEach(name -> Expect.that(
                    jar.contents().containsKey(name.replace('.', '/') + ".class"),
                    name + " is registered and not in the jar"));
        });
    }

    private static void providers(PluginJar jar) throws ReflectiveOperationException {
        for (var entry : jar.services().entrySet()) {
            for (String name : entry.getValue()) {
                Class<?> type = jar.loader().loadClass(name);
                Expect.that(Modifier.isPublic(type.getModifiers()), name + " is not public");
                Expect.that(
                        entry.getKey().provider().isAssignableFrom(type),
                        name + " is no " + entry.getKey().provider().getSimpleName());
                Expect.that(
                        List.of(type.getConstructors()).stream()
                                .anyMatch(constructor -> constructor.getParameterCount() == 0),
                        name + " has no public constructor without arguments");
                type.getConstructor().newInstance();
            }
        }
    }

    private static void constructors(PluginJar jar) throws InterruptedException {
        Threads threads = Threads.now();
        Properties before = (Properties) System.getProperties().clone();
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PluginJar again = jar.reopened()) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            again.plugins();
            again.plugins();
        } finally {
            System.setOut(out);
        }
        Expect.equal(printed.toString(StandardCharsets.UTF_8), "", "what making its providers printed");
        Expect.equal(System.getProperties(), before, "system properties after making its providers");
        threads.expectNoMore(0);
    }

    private static void capabilities(PluginJar jar) {
        String provided = jar.header("Provide-Capability").replace(" ", "");
        Set<String> registered = new HashSet<>();
        jar.services().values().forEach(registered::addAll);
        Set<String> declared = new HashSet<>();
        Matcher register = Pattern.compile("register:=\"?([\\w.$]+)\"?").matcher(provided);
        while (register.find()) {
            declared.add(register.group(1));
        }
        Expect.equal(declared, registered, "providers that Provide-Capability registers");
        jar.services()
                .keySet()
                .forEach(kind -> Expect.that(
                        provided.contains("osgi.serviceloader=\""
                                        + kind.provider().getName() + "\"")
                                || provided.contains(
                                        "osgi.serviceloader=" + kind.provider().getName()),
                        "Provide-Capability lacks osgi.serviceloader for "
                                + kind.provider().getName()));
    }

    private static void java17(PluginJar jar) {
        jar.contents().forEach((name, bytes) -> {
            if (name.endsWith(".class") && !name.startsWith("META-INF/versions/")) {
                int major = (bytes[6] & 0xff) << 8 | (bytes[7] & 0xff);
                Expect.that(major <= JAVA_17, name + " is of class file version " + major + ", above " + JAVA_17);
            }
        });
    }

    private static void version(PluginJar jar) {
        String version = jar.header("Implementation-Version");
        Expect.that(!version.isBlank(), "there is no Implementation-Version");
        for (Plugin plugin : jar.plugins()) {
            Expect.equal(plugin.provider().version(), version, "the version of " + plugin.id());
        }
    }

    private static void collected(PluginJar jar) throws InterruptedException {
        used(jar).expect("after its providers were dropped");
    }

    private static Collected used(PluginJar jar) {
        try (PluginJar again = jar.reopened()) {
            for (Plugin plugin : again.plugins()) {
                plugin.provider().summary();
                plugin.provider().configuration();
            }
            return Collected.of(again.loader());
        }
    }

    private static void ids(PluginJar jar) {
        Set<String> ids = new HashSet<>();
        for (Plugin plugin : jar.plugins()) {
            Expect.that(ids.add(plugin.kind() + " " + plugin.id()), "two providers are " + plugin);
        }
    }
}
