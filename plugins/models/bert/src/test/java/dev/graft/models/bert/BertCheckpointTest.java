package dev.graft.models.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BertCheckpointTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 8, 11});

    @TempDir
    private Path directory;

    @Test
    void namesWithoutPrefixAreFound() {
        assertSameLogitsUnderOtherNames("bert", Task.MASKED_LM, name -> name.replaceFirst("^bert\\.", ""));
        assertSameLogitsUnderOtherNames("roberta", Task.SEQ_CLS, name -> name.replaceFirst("^roberta\\.", ""));
    }

    @Test
    void oldNamesOfNormsAreFound() {
        assertSameLogitsUnderOtherNames("bert", Task.MASKED_LM, BertCheckpointTest::oldNorms);
        assertSameLogitsUnderOtherNames("bert", Task.TOKEN_CLS, name -> oldNorms(name.replaceFirst("^bert\\.", "")));
    }

    @Test
    void aDecoderBiasStoredWithTheDecoderIsFound() {
        assertSameLogitsUnderOtherNames(
                "bert", Task.MASKED_LM, name -> name.replace("cls.predictions.bias", "cls.predictions.decoder.bias"));
        assertSameLogitsUnderOtherNames(
                "roberta", Task.MASKED_LM, name -> name.replace("lm_head.bias", "lm_head.decoder.bias"));
    }

    @Test
    void aHeadThatTheCheckpointLacksIsDrawnFromTheSeed() {
        try (Bench bench = new Bench()) {
            write(bench, "bert", Task.MASKED_LM, UnaryOperator.identity());
            float[] first = classify(bench, 5);

            assertThat(classify(bench, 5)).isEqualTo(first);
            assertThat(classify(bench, 6)).isNotEqualTo(first);
            try (LoadedModel model = bench.load(directory, options(Task.SEQ_CLS, 3, 5))) {
                assertThat(model.weights().all().stream().filter(Weight::fresh).map(Weight::name))
                        .containsExactlyInAnyOrder(
                                "bert.pooler.dense.weight",
                                "bert.pooler.dense.bias",
                                "classifier.weight",
                                "classifier.bias");
            }
        }
    }

    @Test
    void aHeadForAnotherNumberOfLabelsIsRefused() {
        try (Bench bench = new Bench()) {
            write(bench, "bert", Task.SEQ_CLS, UnaryOperator.identity());

            assertThatThrownBy(() -> bench.load(directory, options(Task.SEQ_CLS, 5, 0)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("classifier.weight")
                    .hasMessageContaining("[3, 16]")
                    .hasMessageContaining("[5, 16]");
        }
    }

    @Test
    void withoutAHeadModulesHaveNoPrefix() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(Configs.small("roberta"), Task.FEATURE_EXTRACTION, 0, 1)) {
            assertThat(model.view().sites().stream().map(Site::name))
                    .contains("embeddings.word_embeddings", "encoder.layer.1.attention.output")
                    .noneMatch(name -> name.startsWith("roberta."));
            assertThat(Runs.logits(bench, model, TOKENS)).hasSize(2 * 4 * 16);
        }
    }

    @Test
    void robertaHoldsAsManyPositionsAsAreLeftBehindThePaddingId() {
        try (Bench bench = new Bench();
                LoadedModel bert = bench.random(Configs.small("bert"), Task.MASKED_LM, 0, 1);
                LoadedModel roberta = bench.random(Configs.small("roberta", "pad_token_id", 1), Task.MASKED_LM, 0, 1)) {
            assertThat(bert.description().maxPositions()).isEqualTo(12);
            assertThat(roberta.description().maxPositions()).isEqualTo(10);
            assertThat(Runs.logits(bench, roberta, Tokens.of(new long[10]))).hasSize(10 * 24);
        }
    }

    @Test
    void tokenTypesBeyondTheTableAreNamed() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(Configs.small("roberta", "type_vocab_size", 1), Task.MASKED_LM, 0, 1);
                Scope scope = bench.tensors().scope()) {
            Input plain = bench.input(TOKENS.ids(), TOKENS.mask());
            Input pair = new Input(plain.ids(), plain.mask(), null, plain.mask(), null, null, null);

            assertThatThrownBy(() -> model.forward(pair, RowAssignment.base(), PassOptions.inference()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("token type 1 is outside the 1 token types of this model (type_vocab_size)");
        }
    }

    @Test
    void tokenTypesChangeTheLogits() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(Configs.small("bert"), Task.MASKED_LM, 0, 1);
                Scope scope = bench.tensors().scope()) {
            Input plain = bench.input(TOKENS.ids(), TOKENS.mask());
            Input second = new Input(plain.ids(), plain.mask(), null, plain.mask(), null, null, null);

            float[] typed = model.forward(second, RowAssignment.base(), PassOptions.inference())
                    .logits()
                    .floats();

            assertThat(typed).isNotEqualTo(Runs.logits(bench, model, TOKENS));
        }
    }

    @Test
    void dropoutOfTheConfigurationActsInTrainingOnly() {
        for (String key : List.of("hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout")) {
            CheckpointConfig config = Configs.small(
                    "bert",
                    "hidden_dropout_prob",
                    0.0,
                    "attention_probs_dropout_prob",
                    0.0,
                    "classifier_dropout",
                    0.0,
                    key,
                    0.5);
            try (Bench bench = new Bench();
                    LoadedModel model = bench.random(config, Task.SEQ_CLS, 3, 1)) {
                float[] plain = Runs.logits(bench, model, TOKENS);
                float[] dropped = Runs.trainingLogits(bench, model, TOKENS, 1);

                assertThat(dropped).as(key).isNotEqualTo(plain);
                assertThat(Runs.trainingLogits(bench, model, TOKENS, 1)).as(key).isEqualTo(dropped);
                assertThat(Runs.trainingLogits(bench, model, TOKENS, 2)).as(key).isNotEqualTo(dropped);
                assertThat(Runs.logits(bench, model, TOKENS)).as(key).isEqualTo(plain);
            }
        }
    }

    @Test
    void settingsThatAreNotSupportedAreNamed() {
        assertRefused(
                Task.MASKED_LM,
                "config.json: position_embedding_type is 'relative_key', which is not supported; allowed is absolute",
                "position_embedding_type",
                "relative_key");
        assertRefused(
                Task.MASKED_LM,
                "config.json: is_decoder is true, which is not supported; this family runs as an encoder, with"
                        + " is_decoder false",
                "is_decoder",
                true);
        assertRefused(
                Task.MASKED_LM,
                "config.json: hidden_size is 16, which is not a multiple of num_attention_heads 3",
                "num_attention_heads",
                3);
        assertRefused(
                Task.CAUSAL_LM,
                "models of type bert have no head for CAUSAL_LM; they have heads for MASKED_LM, SEQ_CLS, TOKEN_CLS and"
                        + " FEATURE_EXTRACTION");
        assertRefused(Task.SEQ_CLS, "a classification head needs at least 1 label, found 0 for task SEQ_CLS");
    }

    private static void assertRefused(Task task, String message, Object... keysAndValues) {
        try (Bench bench = new Bench()) {
            assertThatThrownBy(() -> bench.random(Configs.small("bert", keysAndValues), task, 0, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(message);
        }
    }

    private void assertSameLogitsUnderOtherNames(String modelType, Task task, UnaryOperator<String> naming) {
        try (Bench bench = new Bench()) {
            float[] expected = write(bench, modelType, task, naming);
            try (LoadedModel model = bench.load(directory, options(task, 3, 99))) {
                assertThat(model.weights().all()).noneMatch(Weight::fresh);
                assertThat(Runs.logits(bench, model, TOKENS)).isEqualTo(expected);
            }
        }
    }

    private float[] write(Bench bench, String modelType, Task task, UnaryOperator<String> naming) {
        CheckpointConfig config = Configs.small(modelType);
        try (LoadedModel model = bench.random(config, task, 3, 1)) {
            Checkpoints.write(bench, model, config, directory, naming);
            return Runs.logits(bench, model, TOKENS);
        }
    }

    private float[] classify(Bench bench, long seed) {
        try (LoadedModel model = bench.load(directory, options(Task.SEQ_CLS, 3, seed))) {
            return Runs.logits(bench, model, TOKENS);
        }
    }

    private static ModelLoader.Options options(Task task, int labels, long seed) {
        return new ModelLoader.Options(DType.FLOAT32, task, labels, false, seed);
    }

    private static String oldNorms(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }
}
