package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.Estimator;
import dev.graft.kernel.train.RunEvaluation;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.model.ModelSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever loads models or adapters holds the plugins that it takes, and says what it is. */
class HoldersTest {
    private static final String REFUSED = "this tokenizer reads nothing";

    @TempDir
    private Path directory;

    private final PluginRegistry registry = SmallRun.plugins();
    private final List<String> holders = new ArrayList<>();
    private SmallRun run;

    /** A tokenizer that is asked before all others, and notes who holds it when it is to read. */
    private final class Asked implements TokenizerProvider {
        @Override
        public String id() {
            return "a-tokenizer";
        }

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public String summary() {
            return REFUSED;
        }

        @Override
        public boolean supports(Path asked) {
            return true;
        }

        @Override
        public Tokenizer load(Path asked) {
            holders.addAll(registry.holders(registry.plugin(PluginKind.TOKENIZER, id())));
            throw new ConfigurationException(REFUSED);
        }
    }

    @BeforeEach
    void open() {
        run = SmallRun.in(directory);
        registry.add(Plugin.of(PluginKind.TOKENIZER, new Asked(), "the test"));
    }

    @Test
    void aRun() {
        refused(() -> new Trainer(registry, DownloadListener.SILENT)
                .train(run.recipe("run"))
                .blockLast());
        assertHeldBy("training run " + directory.resolve("run"));
    }

    @Test
    void anEstimate() {
        refused(() -> new Estimator(registry, DownloadListener.SILENT).estimate(run.recipe("run")));
        assertHeldBy("estimate of " + directory.resolve("run"));
    }

    @Test
    void anEvaluationOfARunOfSeveralTasks() {
        Recipe recipe = run.recipe("run", SmallRun.tasks());
        refused(() -> new RunEvaluation(registry, DownloadListener.SILENT).figures(recipe, null, (done, total) -> {}));
        assertHeldBy("evaluation of " + directory.resolve("run"));
    }

    @Test
    void anEvaluationAndAPrediction() {
        Recipe recipe = run.recipe("run");
        Examination examination = new Examination(registry, DownloadListener.SILENT);
        Path adapter = directory.resolve("adapter");
        refused(() -> examination.figures(subject(recipe, adapter, "causal-lm"), (done, total) -> {}));
        assertHeldBy("evaluation of " + adapter);

        refused(() -> examination.answers(
                subject(recipe, adapter, "classification"), List.of("a", "b"), (done, total) -> {}));
        assertHeldBy("prediction of " + adapter);
    }

    private static Subject subject(Recipe recipe, Path adapter, String objective) {
        return new Subject(
                recipe.model(),
                adapter,
                PluginSection.of(objective),
                null,
                recipe.engine(),
                recipe.data(),
                List.of(),
                1);
    }

    @Test
    void aSession() {
        Path model = directory.resolve("model");
        ModelLoader.Options options = new ModelLoader.Options(null, null, 0, true, 1);
        try (Engine engine =
                        new PluginInstances(registry).engine(run.recipe("run").engine());
                ModelSession session = new ModelSession(registry, "chat with", engine, model, options)) {
            assertThat(registry.holders(registry.plugin(PluginKind.MODEL, "gpt2")))
                    .containsExactly("chat with " + model);
            refused(session::tokenizer);
        }
        assertHeldBy("chat with " + model);
        assertThat(registry.holders(registry.plugin(PluginKind.MODEL, "gpt2"))).isEmpty();
    }

    @Test
    void aVerification() throws IOException {
        Path tokenizer = Files.createDirectories(directory.resolve("cases/tokenizer"));
        Files.writeString(tokenizer.resolve("tokenizer_config.json"), "{}");
        Files.writeString(tokenizer.resolve("expected.json"), "{}");
        List<String> reasons = new ArrayList<>();
        try (Engine engine =
                new PluginInstances(registry).engine(run.recipe("run").engine())) {
            new FixtureVerifier(registry, engine)
                    .verify(directory.resolve("cases"), report -> reasons.add(report.reason()));
        }
        assertThat(reasons).containsExactly(REFUSED);
        assertHeldBy("verification of " + tokenizer);
    }

    private static void refused(ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(ConfigurationException.class).hasMessage(REFUSED);
    }

    private void assertHeldBy(String holder) {
        assertThat(holders).containsExactly(holder);
        holders.clear();
        assertThat(registry.plugins())
                .allSatisfy(plugin -> assertThat(registry.holders(plugin)).isEmpty());
    }
}
