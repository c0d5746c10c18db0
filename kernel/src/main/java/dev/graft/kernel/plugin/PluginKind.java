package dev.graft.kernel.plugin;

import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.plugin.Provider;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a plugin can be. */
@SuppressWarnings("rawtypes") // a class literal cannot name type arguments
public enum PluginKind {
    /** Array operations on one device. */
    ENGINE(EngineProvider.class),
    /** The architectures of one family. */
    MODEL(ModelProvider.class),
    /** A fine-tuning technique. */
    METHOD(MethodProvider.class),
    /** A loss with its metrics. */
    OBJECTIVE(ObjectiveProvider.class),
    /** Changes parameters along gradients. */
    OPTIMIZER(OptimizerProvider.class),
    /** Holds frozen weights in fewer bits. */
    QUANTIZER(QuantizerProvider.class),
    /** Text to ids and back. */
    TOKENIZER(TokenizerProvider.class),
    /** Says what answers are worth. */
    SCORER(ScorerProvider.class);

    private final Class<? extends Provider> provider;

    PluginKind(Class<? extends Provider> provider) {
        this.provider = provider;
    }

    /** The interface that plugins of this kind implement, and register under. */
    public Class<? extends Provider> provider() {
        return provider;
    }

    /** The name as it is written, for instance {@code method}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name. */
    public static Optional<PluginKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
