package dev.graft.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleArrowsTest {
    @Test
    void theSpiDependsOnReactiveStreamsAlone() {
        classes()
                .that()
                .resideInAPackage("dev.graft.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.graft.spi..", "java..", "org.reactivestreams", "org.osgi.annotation..")
                .check(GraftClasses.ALL);
    }

    @Test
    void theKernelDependsOnTheSpiAndItsFewLibraries() {
        classes()
                .that()
                .resideInAPackage("dev.graft.kernel..")
                .and(describe("read no Parquet files", type -> !readsParquet(type)))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.graft.kernel..",
                        "dev.graft.spi..",
                        "java..",
                        "javax.imageio..",
                        "javax.security.auth.x500",
                        "org.reactivestreams",
                        "reactor.core..",
                        "reactor.util..",
                        "com.fasterxml.jackson..",
                        "org.yaml.snakeyaml..",
                        "org.slf4j..",
                        "org.osgi..")
                .check(GraftClasses.ALL);
    }

    @Test
    void onlyTheOsgiHostItsDistributionAndTheKitSeeAFramework() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.graft.hosts.osgi..", "dev.graft.osgi..", "dev.graft.tck.host..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.osgi.framework..", "org.osgi.util..", "org.apache.felix..")
                .check(GraftClasses.ALL);
    }

    @Test
    void aHostDependsOnTheKernelAndOnNoPlugin() {
        classes()
                .that()
                .resideInAPackage("dev.graft.hosts..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.graft.hosts..",
                        "dev.graft.kernel.plugin",
                        "dev.graft.spi..",
                        "java..",
                        "org.reactivestreams",
                        "reactor.core..",
                        "org.slf4j..",
                        "org.osgi..",
                        "org.apache.felix.framework")
                .check(GraftClasses.ALL);
        assertThat(GraftClasses.ALL.stream().map(GraftClasses::moduleOf)).contains("dev.graft.hosts", "dev.graft.osgi");
    }

    @Test
    void onlyItsReadersSeeTheParquetLibrary() {
        classes()
                .that()
                .resideInAPackage("dev.graft.kernel.data")
                .and(describe("read Parquet files", ModuleArrowsTest::readsParquet))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.graft.kernel.data",
                        "dev.graft.spi..",
                        "java..",
                        "org.apache.parquet..",
                        "io.airlift.compress..")
                .check(GraftClasses.ALL);
    }

    private static boolean readsParquet(JavaClass type) {
        return type.getName().startsWith("dev.graft.kernel.data.Parquet");
    }

    @Test
    void aPluginDependsOnTheSpiAndOnNoOtherModule() {
        classes()
                .that(describe("belong to a plugin", GraftClasses::isPlugin))
                .should(seeOnlyTheirOwnModuleAndTheSpi())
                .check(GraftClasses.ALL);
    }

    @Test
    void theTestKitDependsOnTheSpiTheKernelAndTheHostsAndOnNoPlugin() {
        classes()
                .that()
                .resideInAPackage("dev.graft.tck..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.graft.tck..",
                        "dev.graft.spi..",
                        "dev.graft.kernel..",
                        "java..",
                        "dev.graft.hosts.osgi",
                        "org.osgi.framework",
                        "com.fasterxml.jackson..",
                        "org.junit.jupiter.api..")
                .check(GraftClasses.ALL);
    }

    @Test
    void everyPluginModuleIsAmongTheClassesExamined() {
        Set<String> modules = GraftClasses.ALL.stream()
                .filter(GraftClasses::isPlugin)
                .map(GraftClasses::moduleOf)
                .collect(Collectors.toSet());

        assertThat(modules)
                .contains(
                        "dev.graft.engines.torch",
                        "dev.graft.models.llama",
                        "dev.graft.models.gpt2",
                        "dev.graft.models.bert",
                        "dev.graft.methods.lora",
                        "dev.graft.methods.full",
                        "dev.graft.methods.sparse",
                        "dev.graft.methods.ewc",
                        "dev.graft.methods.diffpruning",
                        "dev.graft.methods.prefix",
                        "dev.graft.methods.ptuningv2",
                        "dev.graft.methods.adapter",
                        "dev.graft.methods.adapterfusion",
                        "dev.graft.methods.ia3",
                        "dev.graft.methods.bitfit",
                        "dev.graft.methods.prompt",
                        "dev.graft.methods.ptuning",
                        "dev.graft.methods.ppt",
                        "dev.graft.methods.hardprompt",
                        "dev.graft.objectives.causallm",
                        "dev.graft.objectives.classification",
                        "dev.graft.objectives.dpo",
                        "dev.graft.objectives.maskedlm",
                        "dev.graft.objectives.ppo",
                        "dev.graft.scorers.model",
                        "dev.graft.scorers.http",
                        "dev.graft.scorers.pattern",
                        "dev.graft.objectives.reward",
                        "dev.graft.optimizers.adamw",
                        "dev.graft.optimizers.sgd",
                        "dev.graft.tokenizers.huggingface");
    }

    private static ArchCondition<JavaClass> seeOnlyTheirOwnModuleAndTheSpi() {
        return new ArchCondition<>("see only their own module and the spi") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().startsWith("dev.graft")
                            && !GraftClasses.moduleOf(target).equals("dev.graft.spi")
                            && !GraftClasses.moduleOf(target).equals(GraftClasses.moduleOf(type))) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
