package dev.graft.objectives.causallm;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.DrawnAnswers;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Next-token prediction: the mean over learned tokens of {@code -log p(token | all before it)}. Each token of a batch
 * is labelled with itself, or with -100 where it is read but not learned.
 */
final class CausalLm implements Objective {
    private final RecordText texts;
    private final boolean appendEos;

    CausalLm(CausalLmConfig config) {
        this.texts = new RecordText(config);
        this.appendEos = config.appendEos();
    }

    @Override
    public Task task() {
        return Task.CAUSAL_LM;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        return texts.read(record, context.tokenizer())
                .map(passage -> LabelledTokens.of(passage, context.tokenizer(), appendEos))
                .filter(LabelledTokens::teach)
                .map(LabelledTokens::example);
    }

    @Override
    public boolean packable() {
        return true;
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Output output = runner.forward(batch.input());
        return new Loss(
                output.tokenLosses(batch.labels(), true).sum(), output.labelled(batch.labels(), true), Map.of());
    }

    @Override
    public boolean samples() {
        return true;
    }

    /** {@inheritDoc} Every labelled token is drawn given those of the data before it. */
    @Override
    public Loss sampledLoss(Runner runner, Batch batch, RandomStream random) {
        Output output = runner.forward(batch.input());
        Tensor drawn = drawn(runner.tensors(), output, batch.labels(), random);
        return new Loss(output.tokenLosses(drawn, true).sum(), output.labelled(drawn, true), Map.of());
    }

    private static Tensor drawn(Tensors tensors, Output output, Tensor labels, RandomStream random) {
        long[] tokens = labels.longs();
        int length = Math.toIntExact(labels.size(1));
        int slots = Math.toIntExact(output.hidden().size(1));
        List<Integer> places = new ArrayList<>();
        List<Long> before = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            int slot = slots - length + i % length - 1;
            if (tokens[i] != Losses.IGNORED && slot >= 0) {
                places.add(i);
                before.add((long) i / length * slots + slot);
            }
        }
        if (!places.isEmpty()) {
            long[] answers = tensors.withoutGradient(() -> {
                Tensor logits = output.logits();
                long[] rows = before.stream().mapToLong(Long::longValue).toArray();
                Tensor predicting =
                        logits.reshape(-1, logits.size(2)).select(0, tensors.of(rows, Shape.of(rows.length)));
                return DrawnAnswers.of(predicting, random);
            });
            for (int i = 0; i < answers.length; i++) {
                tokens[places.get(i)] = answers[i];
            }
        }
        return tensors.of(tokens, labels.shape());
    }

    @Override
    public Evaluator evaluator() {
        return new CausalLmEvaluator(CausalLmEvaluator.LOGITS);
    }
}
