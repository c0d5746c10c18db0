package dev.graft.tck.run;

import dev.graft.kernel.plugin.Plugin;
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
import dev.graft.tck.rule.Held;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.scorer.ScorerDeclaration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holds the plugins of a jar to the rules, as each kind of host loads them, beside the plugins that are installed.
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

    /** Told what came of each rule as it is there. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A rule was tried.
         *
         * @param outcome what came of it
         * @param done how many were tried until now
         * @param all how many there are to try
         */
        void tried(Outcome outcome, int done, int all);
    }

    /**
     * Runs the rules that apply.
     *
     * @throws ConfigurationException if the jar cannot be read
     */
    public Verdict run(Path file, Progress progress) {
        try (PluginJar jar = PluginJar.open(file)) {
            List<Loaded> loaded = Loaded.of(jar, installed, engine, seed);
            try {
                Optional<Loaded> first = loaded.stream().findFirst();
                List<Plugin> plugins = first.map(Loaded::plugins).orElse(List.of());
                List<Held> held = new ArrayList<>();
                held.add(Kit.jar(jar));
                held.add(Kit.hosts(jar, first.map(Loaded::bench), declaration));
                plugins.forEach(plugin -> held.addAll(inEveryHost(loaded, plugin)));
                return verdict(jar, plugins, outcomes(held, progress));
            } finally {
                loaded.forEach(Loaded::close);
            }
        }
    }

    private List<Outcome> outcomes(List<Held> held, Progress progress) {
        int all = (int) held.stream().flatMap(Held::rules).filter(selection).count();
        List<Outcome> outcomes = new ArrayList<>();
        held.stream().flatMap(one -> one.outcomes(selection)).forEach(outcome -> {
            outcomes.add(outcome);
            progress.tried(outcome, outcomes.size(), all);
        });
        return outcomes;
    }

    private Verdict verdict(PluginJar jar, List<Plugin> plugins, List<Outcome> outcomes) {
        return new Verdict(
                jar.toString(),
                jar.checksum(),
                plugins.stream().map(Plugin::toString).toList(),
                SpiVersion.current(),
                kitVersion(),
                selection.text(),
                seed,
                outcomes);
    }

    /** A plugin in every host that loaded it. */
    private List<SameRules> inEveryHost(List<Loaded> loaded, Plugin plugin) {
        List<String> where = new ArrayList<>();
        List<List<Examination<?>>> each = new ArrayList<>();
        for (Loaded host : loaded) {
            host.counterpart(plugin).findFirst().ifPresent(own -> {
                where.add(host.where());
                each.add(examinations(host.bench(), own).toList());
            });
        }
        return IntStream.range(0, each.get(0).size())
                .mapToObj(i -> new SameRules(
                        where,
                        each.stream().map(examinations -> examinations.get(i)).toList()))
                .toList();
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
