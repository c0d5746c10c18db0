package dev.graft.tck;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.plugin.Provider;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bundle.PackagingRules;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.engine.EngineRules;
import dev.graft.tck.engine.EngineTrial;
import dev.graft.tck.host.HostRules;
import dev.graft.tck.host.HostTrial;
import dev.graft.tck.method.AttachmentRules;
import dev.graft.tck.method.CompositionRules;
import dev.graft.tck.method.Gain;
import dev.graft.tck.method.LearningRules;
import dev.graft.tck.method.MergingRules;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.method.MethodTrial;
import dev.graft.tck.method.PersistenceRules;
import dev.graft.tck.method.ServingRules;
import dev.graft.tck.model.ModelRules;
import dev.graft.tck.model.ModelTrial;
import dev.graft.tck.objective.ObjectiveDeclaration;
import dev.graft.tck.objective.ObjectiveRules;
import dev.graft.tck.objective.ObjectiveTrial;
import dev.graft.tck.optimizer.OptimizerRules;
import dev.graft.tck.optimizer.OptimizerTrial;
import dev.graft.tck.provider.ConfigurationRules;
import dev.graft.tck.quantizer.QuantizerDeclaration;
import dev.graft.tck.quantizer.QuantizerRules;
import dev.graft.tck.quantizer.QuantizerTrial;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.scorer.ScorerDeclaration;
import dev.graft.tck.scorer.ScorerRules;
import dev.graft.tck.scorer.ScorerTrial;
import dev.graft.tck.tokenizer.TokenizerRules;
import dev.graft.tck.tokenizer.TokenizerTrial;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What plugins of each kind are held to. */
public final class Kit {
    /** The chapters for methods. */
    public static final List<Chapter<MethodTrial<?>>> METHOD = List.of(
            AttachmentRules.CHAPTER,
            LearningRules.CHAPTER,
            PersistenceRules.CHAPTER,
            MergingRules.CHAPTER,
            CompositionRules.CHAPTER,
            ServingRules.CHAPTER);

    private Kit() {}

    /** A registry with the plugins of another one, the kit's own method, and plugins that take the place of their namesakes. */
    public static PluginRegistry registry(PluginRegistry installed, List<Plugin> examined) {
        PluginRegistry registry = new PluginRegistry();
        examined.forEach(registry::add);
        for (Plugin plugin : installed.plugins()) {
            boolean replaced = examined.stream()
                    .anyMatch(
                            other -> other.kind() == plugin.kind() && other.id().equals(plugin.id()));
            if (!replaced) {
                registry.add(plugin);
            }
        }
        if (registry.plugins(PluginKind.METHOD).stream().noneMatch(plugin -> plugin.provider() instanceof Gain)) {
            registry.add(Plugin.of(PluginKind.METHOD, new Gain(), "the test kit"));
        }
        return registry;
    }

    /** What reports call a plugin, for instance {@code method lora}. */
    public static String name(PluginKind kind, Provider<?> provider) {
        return kind.text() + " " + provider.id();
    }

    /** What a plugin of any kind says of itself. */
    public static Examination<Provider<?>> configuration(PluginKind kind, Provider<?> provider) {
        return new Examination<>(name(kind, provider), List.of(provider), List.of(ConfigurationRules.CHAPTER));
    }

    /** A jar. */
    public static Examination<PluginJar> jar(PluginJar jar) {
        return new Examination<>("jar " + jar, List.of(jar), List.of(PackagingRules.CHAPTER));
    }

    /**
     * A jar in the hosts that programs load plugins with.
     *
     * @param bench what its methods are run on; empty where there is no engine
     * @param declaration what the author says about a method, in place of what the jar holds
     */
    public static Examination<HostTrial> hosts(
            PluginJar jar, Optional<Bench> bench, Optional<MethodDeclaration> declaration) {
        return new Examination<>("jar " + jar, HostTrial.of(jar, bench, declaration), List.of(HostRules.CHAPTER));
    }

    /**
     * An engine that is running.
     *
     * @param rounds how often each operation is tried, on other shapes each time
     */
    public static Examination<EngineTrial> engine(Engine engine, long seed, int rounds) {
        return new Examination<>(
                PluginKind.ENGINE.text() + " " + engine.id(),
                List.of(new EngineTrial(engine, seed, rounds)),
                List.of(EngineRules.CHAPTER));
    }

    /** An optimizer with each of some configurations. */
    public static <C extends Record> Examination<OptimizerTrial> optimizer(
            Engine engine, OptimizerProvider<C> provider, List<Map<String, Object>> configurations) {
        List<OptimizerTrial> trials = configurations.stream()
                .map(keys -> new OptimizerTrial(
                        engine,
                        () -> provider.create(ConfigurationBinder.bind(provider.configuration(), keys, "optimizer")),
                        keys.toString()))
                .toList();
        return new Examination<>(name(PluginKind.OPTIMIZER, provider), trials, List.of(OptimizerRules.CHAPTER));
    }

    /** A model family, on the tiny models of its types. */
    public static Examination<ModelTrial> model(Bench bench, ModelProvider provider) {
        return new Examination<>(
                name(PluginKind.MODEL, provider), ModelTrial.of(bench, provider), List.of(ModelRules.CHAPTER));
    }

    /** A tokenizer plugin. */
    public static Examination<TokenizerTrial> tokenizer(Bench bench, TokenizerProvider provider) {
        return new Examination<>(
                name(PluginKind.TOKENIZER, provider),
                List.of(TokenizerTrial.of(bench, provider)),
                List.of(TokenizerRules.CHAPTER));
    }

    /** A quantizer. */
    public static Examination<QuantizerTrial> quantizer(
            Bench bench, QuantizerProvider<?> provider, QuantizerDeclaration declaration) {
        return new Examination<>(
                name(PluginKind.QUANTIZER, provider),
                QuantizerTrial.of(bench.engine(), bench.seed(), provider, declaration),
                List.of(QuantizerRules.CHAPTER));
    }

    /** A scorer. */
    public static Examination<ScorerTrial<?>> scorer(
            Bench bench, ScorerProvider<?> provider, ScorerDeclaration declaration) {
        return new Examination<>(
                name(PluginKind.SCORER, provider),
                ScorerTrial.of(bench, provider, declaration),
                List.of(ScorerRules.CHAPTER));
    }

    /** An objective. */
    public static Examination<ObjectiveTrial<?>> objective(
            Bench bench, ObjectiveProvider<?> provider, ObjectiveDeclaration declaration) {
        return new Examination<>(
                name(PluginKind.OBJECTIVE, provider),
                ObjectiveTrial.of(bench, provider, declaration),
                List.of(ObjectiveRules.CHAPTER));
    }

    /** A method. */
    public static Examination<MethodTrial<?>> method(
            Bench bench, MethodProvider<?> provider, MethodDeclaration declaration) {
        List<MethodTrial<?>> trials =
                declaration.notAlone() != null ? List.of() : MethodTrial.of(bench, provider, declaration);
        return new Examination<>(name(PluginKind.METHOD, provider), trials, METHOD);
    }
}
