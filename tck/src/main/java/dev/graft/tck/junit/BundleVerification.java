package dev.graft.tck.junit;

import dev.graft.tck.Kit;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.rule.Examination;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every plugin's jar is held to. */
public abstract class BundleVerification extends RuleTests {
    /** For subclasses. */
    protected BundleVerification() {}

    /** The jar. */
    protected abstract Path jar() throws Exception;

    @Override
    final List<Examination<?>> examine() throws Exception {
        return List.of(Kit.jar(closing(PluginJar.open(jar()))));
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

    /** Unless it offers an engine, it holds no engine and no native library. */
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
}
