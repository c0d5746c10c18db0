package dev.graft.models.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gpt2CheckpointTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 8, 11});

    @TempDir
    private Path directory;

    @Test
    void namesWithoutPrefixAreFound() {
        CheckpointConfig config = Configs.small();
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config, directory, name -> name.replaceFirst("^transformer\\.", ""));
            try (LoadedModel bare = bench.load(directory, options(Task.CAUSAL_LM, 0))) {
                assertThat(Runs.logits(bench, bare, TOKENS)).isEqualTo(Runs.logits(bench, model, TOKENS));
                assertThat(bare.view().sites().stream().map(Site::name))
                        .contains("transformer.wte", "transformer.h.1.attn.c_attn", "lm_head");
            }
        }
    }

    @Test
    void aCausalCheckpointGetsANewHeadToClassify() {
        CheckpointConfig config = Configs.small();
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
            for (Task task : List.of(Task.SEQ_CLS, Task.TOKEN_CLS)) {
                try (LoadedModel classifier = bench.load(directory, options(task, 3))) {
                    int expected = task == Task.SEQ_CLS ? 2 * 3 : 2 * 4 * 3;
                    assertThat(Runs.logits(bench, classifier, TOKENS)).hasSize(expected);
                    assertThat(classifier.weights().all().stream()
                                    .filter(Weight::fresh)
                                    .map(Weight::name))
                            .containsAnyOf("score.weight", "classifier.weight");
                }
            }
        }
    }

    @Test
    void aSequenceIsReadAtItsLastTokenWhereverPaddingIs() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(Configs.small(), Task.SEQ_CLS, 3, 1)) {
            Tokens padded =
                    new Tokens(new long[][] {{5, 6, 0, 0}, {0, 0, 5, 6}}, new long[][] {{1, 1, 0, 0}, {0, 0, 1, 1}});

            float[] together = Runs.logits(bench, model, padded);
            float[] alone = Runs.logits(bench, model, Tokens.of(new long[] {5, 6}));

            for (int row = 0; row < 2; row++) {
                for (int label = 0; label < 3; label++) {
                    assertThat(together[row * 3 + label]).isCloseTo(alone[label], within(1e-5f));
                }
            }
        }
    }

    @Test
    void withoutAHeadModulesHaveNoPrefix() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(Configs.small(), Task.FEATURE_EXTRACTION, 0, 1)) {
            assertThat(model.view().sites().stream().map(Site::name)).contains("wte", "h.0.ln_1", "ln_f");
        }
    }

    @Test
    void aTiedHeadSharesTheTokenTable() {
        try (Bench bench = new Bench();
                LoadedModel tied = bench.random(Configs.small(), Task.CAUSAL_LM, 0, 1);
                LoadedModel own = bench.random(Configs.small("tie_word_embeddings", false), Task.CAUSAL_LM, 0, 1)) {
            assertThat(head(tied).weight().name()).isEqualTo("transformer.wte.weight");
            assertThat(head(own).weight().name()).isEqualTo("lm_head.weight");
        }
    }

    @Test
    void dropoutOfTheConfigurationActsInTrainingOnly() {
        for (String key : List.of("embd_pdrop", "resid_pdrop", "attn_pdrop")) {
            CheckpointConfig config = Configs.small("embd_pdrop", 0.0, "resid_pdrop", 0.0, "attn_pdrop", 0.0, key, 0.5);
            try (Bench bench = new Bench();
                    LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
                float[] plain = Runs.logits(bench, model, TOKENS);
                float[] dropped = Runs.trainingLogits(bench, model, TOKENS, 1);

                assertThat(dropped).as(key).isNotEqualTo(plain);
                assertThat(Runs.trainingLogits(bench, model, TOKENS, 1)).as(key).isEqualTo(dropped);
            }
        }
    }

    @Test
    void attentionIsScaledAsTheConfigurationSays() {
        CheckpointConfig both = Configs.small("scale_attn_by_inverse_layer_idx", true);
        CheckpointConfig neither = Configs.small("scale_attn_weights", false);

        assertThat(Gpt2Config.read(Configs.small()).attentionScale(1)).isEqualTo(0.5);
        assertThat(Gpt2Config.read(both).attentionScale(1)).isEqualTo(0.25);
        assertThat(Gpt2Config.read(neither).attentionScale(1)).isEqualTo(1);
    }

    @Test
    void settingsThatAreNotSupportedAreNamed() {
        assertRefused(
                "config.json: add_cross_attention is true, which is not supported; this family runs as a decoder of its"
                        + " own, with add_cross_attention false",
                "add_cross_attention",
                true);
        assertRefused("config.json: n_embd is 16, which is not a multiple of n_head 3", "n_head", 3);
    }

    @Test
    void aTaskWithoutAHeadIsNamedWithThoseThatHaveOne() {
        try (Bench bench = new Bench()) {
            assertThatThrownBy(() -> bench.random(Configs.small(), Task.MASKED_LM, 0, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("models of type gpt2 have no head for MASKED_LM; they have heads for CAUSAL_LM,"
                            + " SEQ_CLS, TOKEN_CLS and FEATURE_EXTRACTION");
        }
    }

    private static void assertRefused(String message, Object... keysAndValues) {
        assertThatThrownBy(() -> Gpt2Config.read(Configs.small(keysAndValues)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    private static LinearSite head(LoadedModel model) {
        return model.view().site("lm_head", LinearSite.class).orElseThrow();
    }

    private static ModelLoader.Options options(Task task, int labels) {
        return new ModelLoader.Options(DType.FLOAT32, task, labels, false, 0);
    }
}
