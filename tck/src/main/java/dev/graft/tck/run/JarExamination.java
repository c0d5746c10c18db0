package dev.graft.tck.run;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.bundle.SpiVersion;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.objective.ObjectiveDeclaration;
import dev.graft.tck.quantizer.QuantizerDeclaration;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.scorer.ScorerDeclaration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Holds the plugins of a jar to the rules, beside the plugins that are installed.
 *
 * @param installed the program's plugins: engine and models to try the jar's with
 * @param engine id of the engine to run on
 * @param seed what all random numbers come from
 * @param selection which rules
 * @param declaration what the author says about a method, in place of what its jar holds
 */
public record JarExamination(
        PluginRegistry installed,
        String engine,
        long seed,
        Selection selection,
        Optional<MethodDeclaration> declaration) {
    private static final int ROUNDS = 20;

    /**
     * Runs the rules that apply.
     *
     * @param each told each outcome as it is there
     * @throws ConfigurationException if the jar cannot be read
     */
    public Verdict run(Path file, Consumer<Outcome> each) {
        List<Outcome> outcomes = new ArrayList<>();
        Consumer<Outcome> keep = outcome -> {
            outcomes.add(outcome);
            each.accept(outcome);
        };
        try (PluginJar jar = PluginJar.open(file)) {
            Kit.jar(jar).outcomes(selection).forEach(keep);
            List<Plugin> plugins = plugins(jar);
            if (!plugins.isEmpty()) {
                try (Bench bench = new Bench(Kit.registry(installed, plugins), engine(plugins), seed)) {
                    plugins.stream()
                            .flatMap(plugin -> examinations(bench, plugin))
                            .flatMap(examination -> examination.outcomes(selection))
                            .forEach(keep);
                }
            }
            return new Verdict(
                    file.getFileName().toString(),
                    jar.checksum(),
                    plugins.stream().map(Plugin::toString).toList(),
                    SpiVersion.current(),
                    kitVersion(),
                    selection.text(),
                    seed,
                    outcomes);
        }
    }

    /** What the jar offers; nothing where a provider cannot be made, which the packaging rules report. */
    private static List<Plugin> plugins(PluginJar jar) {
        try {
            return jar.plugins();
        } catch (ConfigurationException broken) {
            return List.of();
        }
    }

    private String engine(List<Plugin> plugins) {
        return plugins.stream()
                .filter(plugin -> plugin.kind() == PluginKind.ENGINE)
                .map(Plugin::id)
                .findFirst()
                .orElse(engine);
    }

    private Stream<Examination<?>> examinations(Bench bench, Plugin plugin) {
        Stream<Examination<?>> own = Stream.of(Kit.configuration(plugin.kind(), plugin.provider()));
        return switch (plugin.kind()) {
            case METHOD -> Stream.concat(own, Stream.of(method(bench, (MethodProvider<?>) plugin.provider())));
            case OPTIMIZER ->
                Stream.concat(
                        own,
                        Stream.of(Kit.optimizer(
                                bench.engine(), (OptimizerProvider<?>) plugin.provider(), List.of(Map.of()))));
            case ENGINE -> Stream.concat(own, Stream.of(Kit.engine(bench.engine(), seed, ROUNDS)));
            case MODEL -> Stream.concat(own, Stream.of(Kit.model(bench, (ModelProvider) plugin.provider())));
            case TOKENIZER ->
                Stream.concat(own, Stream.of(Kit.tokenizer(bench, (TokenizerProvider) plugin.provider())));
            case OBJECTIVE -> Stream.concat(own, Stream.of(objective(bench, (ObjectiveProvider<?>) plugin.provider())));
            case QUANTIZER -> Stream.concat(own, Stream.of(quantizer(bench, (QuantizerProvider<?>) plugin.provider())));
            case SCORER -> Stream.concat(own, Stream.of(scorer(bench, (ScorerProvider<?>) plugin.provider())));
        };
    }

    private Examination<?> method(Bench bench, MethodProvider<?> provider) {
        return Kit.method(bench, provider, declaration.orElseGet(() -> MethodDeclaration.of(provider)));
    }

    private static Examination<?> objective(Bench bench, ObjectiveProvider<?> provider) {
        return Kit.objective(bench, provider, ObjectiveDeclaration.of(provider));
    }

    private static Examination<?> quantizer(Bench bench, QuantizerProvider<?> provider) {
        return Kit.quantizer(bench, provider, QuantizerDeclaration.of(provider));
    }

    private static Examination<?> scorer(Bench bench, ScorerProvider<?> provider) {
        return Kit.scorer(bench, provider, ScorerDeclaration.of(provider));
    }

    private static String kitVersion() {
        String version = JarExamination.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
