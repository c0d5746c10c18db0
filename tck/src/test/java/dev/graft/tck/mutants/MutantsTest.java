package dev.graft.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.tck.Kit;
import dev.graft.tck.Rules;
import dev.graft.tck.bench.Adam;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.optimizer.OptimizerRules;
import dev.graft.tck.optimizer.OptimizerTrial;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.rule.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class MutantsTest {
    @TempDir
    private Path directory;

    @AfterEach
    void forgetWhatMutantsLeft() {
        System.getProperties().remove(JarMutants.KEPT);
        System.getProperties().remove(HostMutants.EPOCH);
    }

    @Test
    void everyRuleHasAMutantOrAReasonWhyNot() {
        Set<String> mutants = new LinkedHashSet<>();
        Stream.of(
                        JarMutants.all(),
                        HostMutants.all(),
                        ConfigurationMutants.all(),
                        MethodMutants.all(),
                        ModelMutants.all(),
                        TokenizerMutants.all(),
                        EngineMutants.all(),
                        OptimizerMutants.all(),
                        QuantizerMutants.all(),
                        ObjectiveMutants.all(),
                        ScorerMutants.all())
                .forEach(all -> mutants.addAll(all.keySet()));

        assertThat(Rules.all().filter(rule -> rule.unmutated().isEmpty() == !mutants.contains(rule.number())))
                .extracting(Rule::number)
                .as("rules that have neither a mutant nor a reason, or both")
                .isEmpty();
        assertThat(mutants).isSubsetOf(Rules.all().map(Rule::number).toList());
    }

    @TestFactory
    Stream<DynamicTest> aBrokenMethodIsCaughtByItsRule() {
        return tests(
                MethodMutants.all(),
                number -> method(MethodMutants.all().get(number).get(), number));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenModelIsCaughtByItsRule() {
        return tests(
                ModelMutants.all(),
                number -> onBench(bench -> {
                    ModelProvider honest = bench.registry().modelFor("llama");
                    Outcome outcome = Kit.model(
                                    bench, ModelMutants.all().get(number).apply(honest))
                            .outcome(number);
                    ModelMutants.sweep();
                    return outcome;
                }));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenTokenizerIsCaughtByItsRule() {
        return tests(
                TokenizerMutants.all(),
                number -> onBench(bench -> Kit.tokenizer(
                                bench,
                                TokenizerMutants.all()
                                        .get(number)
                                        .apply(bench.registry().tokenizers().get(0)))
                        .outcome(number)));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenEngineIsCaughtByItsRule() {
        return tests(
                EngineMutants.all(),
                number -> onBench(
                        bench -> Kit.engine(EngineMutants.all().get(number).apply(bench.engine()), 1, 20)
                                .outcome(number)));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenOptimizerIsCaughtByItsRule() {
        return tests(
                OptimizerMutants.all(),
                number -> optimizer(OptimizerMutants.all().get(number), number));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenConfigurationIsCaughtByItsRule() {
        return tests(
                ConfigurationMutants.all(),
                number -> Kit.configuration(
                                number.equals("2.11") ? PluginKind.METHOD : PluginKind.OPTIMIZER,
                                ConfigurationMutants.all().get(number))
                        .outcome(number));
    }

    @TestFactory
    Stream<DynamicTest> aBrokenJarIsCaughtByItsRule() {
        return tests(JarMutants.all(), number -> {
            JarMutants.Parts parts = JarMutants.honest();
            JarMutants.all().get(number).accept(parts);
            return jar(parts, number).get(0);
        });
    }

    @TestFactory
    Stream<DynamicTest> aJarThatGoesWrongInAHostIsCaughtByItsRule() {
        return tests(HostMutants.all(), number -> {
            JarMutants.Parts parts = JarMutants.honest();
            HostMutants.all().get(number).accept(parts);
            return hosted(parts, number).get(0);
        });
    }

    @Test
    void theHonestJarPassesEveryRuleInEveryHost() {
        assertThat(hosted(JarMutants.honest(), ""))
                .filteredOn(outcome -> outcome.status() != Outcome.Status.PASSED)
                .extracting(Outcome::explanation)
                .isEmpty();
    }

    @Test
    void theHonestMethodBehindTheMutantsPassesEveryRule() {
        assertPassed(onBenchWith(
                Breaking.honest(),
                (bench, method) -> Kit.method(
                                bench, method, MethodDeclaration.standard().on(TinyModel.DECODER, Map.of()))
                        .outcomes(rule -> true)
                        .toList()));
    }

    @Test
    void theHonestOptimizerBehindTheMutantsPassesEveryRule() {
        try (Bench bench = bench(List.of())) {
            assertPassed(new Examination<>(
                            "optimizer adam",
                            List.of(new OptimizerTrial(bench.engine(), Adam::new, "adam")),
                            List.of(OptimizerRules.CHAPTER))
                    .outcomes(rule -> true)
                    .toList());
        }
    }

    @Test
    void theHonestJarBehindTheMutantsPassesEveryRule() {
        assertPassed(jar(JarMutants.honest(), ""));
    }

    private static void assertPassed(List<Outcome> outcomes) {
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.status() == Outcome.Status.FAILED)
                .extracting(Outcome::explanation)
                .isEmpty();
    }

    static Stream<DynamicTest> tests(Map<String, ?> mutants, Function<String, Outcome> outcome) {
        return mutants.keySet().stream()
                .map(number -> DynamicTest.dynamicTest(number, () -> {
                    Outcome found = outcome.apply(number);

                    assertThat(found.status())
                            .as(number + " " + found.rule().name())
                            .isEqualTo(Outcome.Status.FAILED);
                    assertThat(found.explanation())
                            .contains(number)
                            .contains(found.rule().sentence());
                }));
    }

    private static Outcome method(MethodProvider<?> provider, String number) {
        return onBenchWith(
                provider,
                (bench, method) -> Kit.method(
                                bench, method, MethodDeclaration.standard().on(TinyModel.DECODER, Map.of()))
                        .outcome(number));
    }

    private interface OnBench<T> {
        T with(Bench bench, MethodProvider<?> method);
    }

    private static <T> T onBenchWith(MethodProvider<?> provider, OnBench<T> work) {
        try (Bench bench = bench(List.of(Plugin.of(PluginKind.METHOD, provider, "a test")))) {
            try {
                return work.with(bench, provider);
            } finally {
                Breaking.sweep();
            }
        }
    }

    private static Outcome onBench(Function<Bench, Outcome> work) {
        try (Bench bench = bench(List.of())) {
            return work.apply(bench);
        }
    }

    static Bench bench(List<Plugin> plugins) {
        PluginRegistry installed = new ServiceLoaderHost(MutantsTest.class.getClassLoader()).registry();
        return new Bench(Kit.registry(installed, plugins), "torch", 1);
    }

    private static Outcome optimizer(Supplier<Optimizer> optimizer, String number) {
        return onBench(bench -> {
            Outcome outcome = new Examination<>(
                            "optimizer mutant",
                            List.of(new OptimizerTrial(bench.engine(), optimizer, "adam")),
                            List.of(OptimizerRules.CHAPTER))
                    .outcome(number);
            OptimizerMutants.sweep();
            return outcome;
        });
    }

    private List<Outcome> jar(JarMutants.Parts parts, String number) {
        try (PluginJar jar = PluginJar.open(parts.write(directory.resolve("gain" + number + ".jar")))) {
            List<Outcome> outcomes = new ArrayList<>();
            Kit.jar(jar)
                    .outcomes(rule -> number.isEmpty() || rule.number().equals(number))
                    .forEach(outcomes::add);
            return outcomes;
        }
    }

    private List<Outcome> hosted(JarMutants.Parts parts, String number) {
        try (PluginJar jar = PluginJar.open(parts.write(directory.resolve("hosted" + number + ".jar")));
                Bench bench = bench(List.of())) {
            return Kit.hosts(jar, Optional.of(bench), Optional.empty())
                    .outcomes(rule -> number.isEmpty() || rule.number().equals(number))
                    .toList();
        }
    }
}
