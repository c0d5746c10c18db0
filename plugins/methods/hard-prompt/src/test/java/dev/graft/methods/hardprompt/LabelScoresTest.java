package dev.graft.methods.hardprompt;

import static dev.graft.methods.hardprompt.Examples.context;
import static dev.graft.methods.hardprompt.Examples.keys;
import static dev.graft.methods.hardprompt.Examples.objective;
import static dev.graft.methods.hardprompt.Examples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelScoresTest {
    private static final List<DataRecord> RECORDS = List.of(
            record(1, "text", "what a day", "label", "joy"),
            record(2, "text", "no", "label", "anger"),
            record(3, "text", "hm well", "label", "joy"));
    private static final Map<String, List<String>> ONE =
            Map.of("joy", List.of("good", "great"), "anger", List.of("bad"));
    private static final Map<String, List<String>> SEVERAL =
            Map.of("joy", List.of("good", "so very good"), "anger", List.of("so bad", "bad"));

    @TempDir
    private Path directory;

    private static Objective question(SmallModel small, Map<String, List<String>> words, String scores) {
        boolean masked = small.task().name().equals("MASKED_LM");
        String template = masked ? "it was {mask} . {text}" : "{text} it was {mask}";
        return objective(keys(template, "task", small.task().name(), "verbalizer", words, "word_scores", scores));
    }

    private static List<Example> examples(Objective objective, FramedWords tokenizer) {
        return RECORDS.stream()
                .map(record -> objective.encode(record, context(tokenizer, 99)).orElseThrow())
                .toList();
    }

    @Test
    void causalScoresAreThoseComputedFromTheLogits() {
        agrees(SmallModel.llama(), ONE, "mean");
        agrees(SmallModel.llama(), SEVERAL, "mean");
        agrees(SmallModel.gpt2(), SEVERAL, "max");
    }

    @Test
    void maskedScoresAreThoseComputedFromTheLogits() {
        agrees(SmallModel.bertMasked(), ONE, "mean");
        agrees(SmallModel.bertMasked(), ONE, "max");
    }

    /** Loss and figures of a padded batch against each prompt alone, word by word. */
    private static void agrees(SmallModel small, Map<String, List<String>> words, String scores) {
        FramedWords tokenizer = new FramedWords(true);
        Objective objective = question(small, words, scores);
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench);
                Scope scope = bench.tensors().scope()) {
            List<Example> examples = examples(objective, tokenizer);
            Batch batch = HostBatch.padded(examples, 0, 1).toBatch(bench.tensors());
            ModelRunner runner = new ModelRunner(model, RowAssignment.base(), PassOptions.inference());
            double sum = 0;
            int right = 0;
            for (DataRecord record : RECORDS) {
                double joy = score(bench, model, tokenizer, small, record.require("text"), words.get("joy"), scores);
                double anger =
                        score(bench, model, tokenizer, small, record.require("text"), words.get("anger"), scores);
                boolean isJoy = record.require("label").equals("joy");
                sum += Math.log(Math.exp(joy) + Math.exp(anger)) - (isJoy ? joy : anger);
                right += (joy > anger) == isJoy ? 1 : 0;
            }
            Loss loss = objective.loss(runner, batch);
            Evaluator evaluator = objective.evaluator();
            evaluator.add(runner, batch);

            assertThat(loss.sum().item()).isCloseTo(sum, within(1e-5));
            assertThat(loss.weight()).isEqualTo(3);
            assertThat(evaluator.figures().get("loss")).isCloseTo(sum / 3, within(1e-5));
            assertThat(evaluator.figures()).containsEntry("accuracy", right / 3.0);
            assertThat(evaluator.figures().get("macro_f1")).isBetween(0.0, 1.0);
        }
    }

    private static double score(
            Bench bench,
            LoadedModel model,
            FramedWords tokenizer,
            SmallModel small,
            String text,
            List<String> words,
            String scores) {
        double[] all = words.stream()
                .mapToDouble(word -> small.task().name().equals("MASKED_LM")
                        ? masked(bench, model, tokenizer, text, word)
                        : causal(bench, model, tokenizer, text, word))
                .toArray();
        return scores.equals("max")
                ? Arrays.stream(all).max().orElseThrow()
                : Arrays.stream(all).average().orElseThrow();
    }

    private static double causal(Bench bench, LoadedModel model, FramedWords tokenizer, String text, String word) {
        int[] prompt = ids(tokenizer, FramedWords.BEGIN, text + " it was");
        int[] answer = tokenizer.encode(word, false).ids();
        int[] whole =
                IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
        double sum = 0;
        for (int i = 0; i < answer.length; i++) {
            sum += logProbability(bench, model, whole, prompt.length - 1 + i, answer[i]);
        }
        return sum;
    }

    private static double masked(Bench bench, LoadedModel model, FramedWords tokenizer, String text, String word) {
        int[] front = ids(tokenizer, FramedWords.BEGIN, "it was");
        IntStream rest = IntStream.concat(
                IntStream.of(tokenizer.encode(". " + text, false).ids()), IntStream.of(FramedWords.END));
        int[] whole = IntStream.concat(IntStream.concat(IntStream.of(front), IntStream.of(FramedWords.MASK)), rest)
                .toArray();
        return logProbability(
                bench, model, whole, front.length, tokenizer.encode(word, false).ids()[0]);
    }

    private static int[] ids(FramedWords tokenizer, int first, String text) {
        return IntStream.concat(
                        IntStream.of(first),
                        IntStream.of(tokenizer.encode(text, false).ids()))
                .toArray();
    }

    private static double logProbability(Bench bench, LoadedModel model, int[] ids, int place, int token) {
        long[][] row = {Arrays.stream(ids).asLongStream().toArray()};
        long[][] mask = {new long[ids.length]};
        Arrays.fill(mask[0], 1);
        Input input = bench.input(row, mask);
        float[] logits = model.forward(input, RowAssignment.base(), PassOptions.inference())
                .logits()
                .floats();
        int from = place * SmallModel.VOCABULARY;
        double sum = 0;
        for (int i = 0; i < SmallModel.VOCABULARY; i++) {
            sum += Math.exp(logits[from + i]);
        }
        return logits[from + token] - Math.log(sum);
    }

    @Test
    void theGradientOfTheLossEqualsDifferences() {
        differences(SmallModel.llama(), SEVERAL, "mean", "{text} it was {soft}{soft} {mask}");
        differences(SmallModel.bertMasked(), ONE, "max", "{soft}{text} it was {soft} {mask} .");
    }

    private void differences(SmallModel small, Map<String, List<String>> words, String scores, String template) {
        FramedWords tokenizer = new FramedWords(true);
        Objective objective = objective(keys(
                template,
                "task",
                small.task().name(),
                "verbalizer",
                words,
                "word_scores",
                scores,
                "soft_token",
                "[S]"));
        MethodUnderTest<HardPromptConfig> checks = new MethodUnderTest<>(new HardPromptProvider(), tokenizer);
        Map<String, Object> method = Map.of("num_virtual_tokens", 2, "template", template, "soft_token", "[S]");
        try (Bench bench = new Bench();
                LoadedModel model =
                        small.loadDouble(bench, directory.resolve(small.task().name()))) {
            AdapterBuilder.Setting setting =
                    new AdapterBuilder.Setting("soft", RandomStream.seeded(1), DType.FLOAT64, tokenizer, null, "");
            AttachedAdapter adapter =
                    AdapterBuilder.attach(model, new HardPromptProvider(), checks.bind(method), setting);
            Parameter vectors = adapter.attachment().parameters().get(0);
            HostBatch batch = HostBatch.padded(examples(objective, tokenizer), 0, 1);
            ModelRunner runner = new ModelRunner(model, RowAssignment.all(List.of(adapter)), PassOptions.inference());
            double[] gradient = gradient(bench, objective, runner, batch, vectors);
            Array values = adapter.array(vectors);
            for (int element : new int[] {0, 5, 17, 30}) {
                double above = moved(bench, objective, runner, batch, values, element, 1e-5);
                double below = moved(bench, objective, runner, batch, values, element, -1e-5);
                assertThat(gradient[element]).isNotZero().isCloseTo((above - below) / 2e-5, within(1e-6));
            }
            adapter.release();
        }
    }

    private static double[] gradient(
            Bench bench, Objective objective, ModelRunner runner, HostBatch batch, Parameter vectors) {
        try (Scope scope = bench.tensors().scope();
                Gradients gradients = bench.tensors()
                        .backward(
                                objective
                                        .loss(runner, batch.toBatch(bench.tensors()))
                                        .sum(),
                                List.of(vectors.tensor()))) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(
                            Math.toIntExact(vectors.spec().shape().elements()) * Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            bench.engine().read(gradients.get(vectors.tensor()), 0, bytes);
            bytes.rewind();
            double[] found = new double[bytes.capacity() / Double.BYTES];
            bytes.asDoubleBuffer().get(found);
            return found;
        }
    }

    /** The loss with one element moved, which is put back. */
    private static double moved(
            Bench bench,
            Objective objective,
            ModelRunner runner,
            HostBatch batch,
            Array values,
            int element,
            double step) {
        ByteBuffer before = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bench.engine().read(values, (long) element * Double.BYTES, before);
        ByteBuffer after = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        after.putDouble(0, before.getDouble(0) + step);
        bench.engine().write(values, (long) element * Double.BYTES, after);
        try (Scope scope = bench.tensors().scope()) {
            return objective.loss(runner, batch.toBatch(bench.tensors())).sum().item();
        } finally {
            before.rewind();
            bench.engine().write(values, (long) element * Double.BYTES, before);
        }
    }
}
