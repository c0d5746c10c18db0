package dev.graft.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Templates in words, with the virtual tokens, prefixes and updates of other methods under them. */
class HardPromptUnderMethodsTest {
    private static final int VOCABULARY = 2048;
    private static final List<String> TEXTS = List.of("what a day", "no", "the cat runs after one of the birds");
    private static final List<String> LABELS = List.of("joy", "anger", "joy");

    @Test
    void labelsAreScoredAtTheMaskWhateverStandsInFrontOfIt() {
        Map<String, Object> size = Map.of("vocab_size", VOCABULARY);
        for (SmallModel small :
                List.of(SmallModel.llama().with(size), SmallModel.gpt2().with(size))) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench);
                    Tokenizer tokenizer =
                            ModelDirectory.tokenizer(bench.registry(), Path.of("../../examples/starter/model"))) {
                for (Setup setup : Setup.ofEveryMethod(bench.registry())) {
                    AttachedAdapter adapter = setup.attach(bench, model, DType.FLOAT32, 3);
                    agrees(bench, model, tokenizer, adapter);
                    adapter.release();
                }
            }
        }
    }

    private static void agrees(Bench bench, LoadedModel model, Tokenizer tokenizer, AttachedAdapter adapter) {
        Objective objective = objective(bench.registry().objective("hard-prompt"));
        EncodeContext context = new EncodeContext(tokenizer, model.description(), 40, List.of());
        List<Example> examples = new ArrayList<>();
        double byHand = 0;
        for (int i = 0; i < TEXTS.size(); i++) {
            DataRecord record =
                    new DataRecord(Map.of("text", TEXTS.get(i), "label", LABELS.get(i)), "data.jsonl:" + (i + 1));
            examples.add(objective.encode(record, context).orElseThrow());
            byHand += loss(bench, model, tokenizer, adapter, i);
        }
        try (Scope scope = bench.tensors().scope()) {
            double found = objective
                    .loss(
                            new ModelRunner(model, RowAssignment.all(List.of(adapter)), PassOptions.inference()),
                            HostBatch.padded(examples, 0, 1).toBatch(bench.tensors()))
                    .sum()
                    .item();
            assertThat(found).as("%s", adapter).isCloseTo(byHand, within(2e-5));
        }
    }

    private static <C extends Record> Objective objective(ObjectiveProvider<C> provider) {
        Map<String, Object> keys = Map.of(
                "template",
                "{text} it was {mask}",
                "verbalizer",
                Map.of("joy", List.of("good", "happy"), "anger", List.of("bad")));
        return provider.create(ConfigurationBinder.bind(provider.configuration(), keys, "objective"));
    }

    /** Cross-entropy over labels of the mean log-probability of their words after the text, one row without padding. */
    private static double loss(
            Bench bench, LoadedModel model, Tokenizer tokenizer, AttachedAdapter adapter, int example) {
        int[] ids = tokenizer.encode(TEXTS.get(example) + " it was", true).ids();
        float[] logits = Runs.logits(
                bench, model, Tokens.of(Arrays.stream(ids).asLongStream().toArray()), adapter);
        int last = logits.length - VOCABULARY;
        double normal = Math.log(IntStream.range(last, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum());
        double joy = (logits[last + id(tokenizer, " good")] + logits[last + id(tokenizer, " happy")]) / 2 - normal;
        double anger = logits[last + id(tokenizer, " bad")] - normal;
        double right = LABELS.get(example).equals("joy") ? joy : anger;
        return Math.log(Math.exp(joy) + Math.exp(anger)) - right;
    }

    private static int id(Tokenizer tokenizer, String word) {
        int[] ids = tokenizer.encode(word, false).ids();
        assertThat(ids).as(word).hasSize(1);
        return ids[0];
    }
}
