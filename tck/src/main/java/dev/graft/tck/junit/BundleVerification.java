package dev.graft.tck.junit;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.rule.Examination;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every plugin's jar is held to. */
public abstract class BundleVerification extends RuleTests {
    /** For subclasses. */
    protected BundleVerification() {}

    /** The jar. */
    protected abstract Path jar() throws Exception;

    /** What the author says about the jar's method, in place of what the jar holds. */
    protected Optional<MethodDeclaration> declaration() {
        return Optional.empty();
    }

    /** What methods of the jar are run on; the class path has an engine, or they are not run. */
    private Optional<Bench> bench() {
        PluginRegistry installed = new ServiceLoaderHost(getClass().getClassLoader()).registry();
        return installed.newest(PluginKind.ENGINE).stream()
                .findFirst()
                .map(engine -> closing(new Bench(Kit.registry(installed, List.of()), engine.id(), 1)));
    }

    @Override
    final List<Examination<?>> examine() throws Exception {
        PluginJar jar = closing(PluginJar.open(jar()));
        return List.of(Kit.jar(jar), Kit.hosts(jar, bench(), declaration()));
    }

    /** The manifest has Bundle-ManifestVersion 2, Bundle-SymbolicName and Bundle-Version. */
    @Test
    final void required_1_01_theJarIsABundle() throws Exception {
        verify("1.01");
    }

    /** It imports packages of the contracts, each with a version range that has two ends and holds the version at hand. */
    @Test
    final void required_1_02_theContractsAreImportedWithARange() throws Exception {
        verify("1.02");
    }

    /** It exports no package. */
    @Test
    final void required_1_03_nothingIsExported() throws Exception {
        verify("1.03");
    }

    /** It holds no class of the contracts or the kernel. */
    @Test
    final void required_1_04_theContractsAreNotInside() throws Exception {
        verify("1.04");
    }

    /** Unless it offers an engine, or its manifest says that it belongs on the class path, it holds no engine and no native library. */
    @Test
    final void required_1_05_noEngineIsInside() throws Exception {
        verify("1.05");
    }

    /** None of its classes refers to the kernel. */
    @Test
    final void required_1_06_theKernelIsNotSeen() throws Exception {
        verify("1.06");
    }

    /** META-INF/services registers at least one provider, and each is a class of the jar. */
    @Test
    final void required_1_07_servicesNameClassesOfTheJar() throws Exception {
        verify("1.07");
    }

    /** Every provider is a public class of its kind with a public constructor without arguments. */
    @Test
    final void required_1_08_providersCanBeMade() throws Exception {
        verify("1.08");
    }

    /** A provider's constructor starts no thread, sets no system property and prints nothing. */
    @Test
    final void required_1_09_makingAProviderDoesNothing() throws Exception {
        verify("1.09");
    }

    /** Provide-Capability names each registered provider under osgi.serviceloader, and no other. */
    @Test
    final void required_1_10_capabilitiesAgreeWithServices() throws Exception {
        verify("1.10");
    }

    /** Its classes are made for Java 17 or earlier. */
    @Test
    final void required_1_11_itRunsOnJava17() throws Exception {
        verify("1.11");
    }

    /** Implementation-Version is there, and the providers answer with it. */
    @Test
    final void recommended_1_12_theJarSaysItsVersion() throws Exception {
        verify("1.12");
    }

    /** After its providers were made, asked and dropped, its class loader is collected. */
    @Test
    final void required_1_13_noClassLoaderIsLeft() throws Exception {
        verify("1.13");
    }

    /** No two providers of a kind have the same id. */
    @Test
    final void required_1_14_idsAreDifferent() throws Exception {
        verify("1.14");
    }

    /** Each host finds every provider that the jar registers, and reports nothing broken; a jar that belongs on the class path is refused with that reason. */
    @Test
    final void required_16_01_theHostFindsEveryProvider() throws Exception {
        verify("16.01");
    }

    /** Id, version, summary and configuration are the same however the jar is loaded. */
    @Test
    final void required_16_02_itSaysTheSameInEveryHost() throws Exception {
        verify("16.02");
    }

    /** Every class in the jar can be loaded, with what its signatures name. */
    @Test
    final void recommended_16_03_everyClassCanBeLoaded() throws Exception {
        verify("16.03");
    }

    /** Taken out of the folder it is gone and its classes are collected; put back it is there again. */
    @Test
    final void required_16_04_itGoesAndComesAgain() throws Exception {
        verify("16.04");
    }

    /** As a bundle of an OSGi framework it is gone while it is stopped, and there again once it is started. */
    @Test
    final void required_16_05_aBundleStopsAndStarts() throws Exception {
        verify("16.05");
    }

    /** Whoever uses it while its jar is replaced keeps what it has, which says the same as before; who comes later gets the new one; at last the old classes are collected. */
    @Test
    final void required_16_06_anUpdateIsForNewWork() throws Exception {
        verify("16.06");
    }

    /** An adapter computes the same, to the bit, after its jar was replaced and after it was removed; released it leaves no array and no class. */
    @Test
    final void required_16_07_anAdapterInUseOutlivesItsJar() throws Exception {
        verify("16.07");
    }

    /** Once the host is closed there are no more threads than before it was opened. */
    @Test
    final void required_16_08_noThreadOutlivesTheHost() throws Exception {
        verify("16.08");
    }
}
