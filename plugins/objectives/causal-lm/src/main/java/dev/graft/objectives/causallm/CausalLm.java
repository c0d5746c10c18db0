package dev.graft.objectives.causallm;

import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
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
    public Evaluator evaluator() {
        return new CausalLmEvaluator(CausalLmEvaluator.LOGITS);
    }
}
