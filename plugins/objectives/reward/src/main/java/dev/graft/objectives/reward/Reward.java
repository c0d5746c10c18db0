package dev.graft.objectives.reward;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.AnsweredPrompt;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.PreferencePair;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A score per text, learned from pairs of a better and a worse answer; the loss is the mean over pairs. */
final class Reward implements Objective {
    /** Name of the example value that holds the margin. */
    static final String MARGIN = "margin";

    private final RewardConfig config;
    private final PromptFormat format;

    Reward(RewardConfig config) {
        this.config = config;
        this.format = config.format();
    }

    @Override
    public Task task() {
        return Task.SEQ_CLS;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        double margin = margin(record);
        Optional<PreferencePair> pair = PreferencePair.of(record, format, context.tokenizer());
        if (pair.isEmpty()) {
            return Optional.empty();
        }
        AnsweredPrompt.Tokens chosen = tokens(pair.get().chosen(), context);
        AnsweredPrompt.Tokens rejected = tokens(pair.get().rejected(), context);
        if (!chosen.answered() || !rejected.answered() || Arrays.equals(chosen.ids(), rejected.ids())) {
            return Optional.empty();
        }
        List<Sequence> sequences = List.of(Sequence.of(chosen.ids(), null), Sequence.of(rejected.ids(), null));
        return Optional.of(new Example(sequences, Map.of(MARGIN, margin)));
    }

    private AnsweredPrompt.Tokens tokens(AnsweredPrompt answered, EncodeContext context) {
        return answered.tokens(context.tokenizer(), config.appendEos()).first(context.maxLength());
    }

    private double margin(DataRecord record) {
        Object margin = record.fields().get(config.margin());
        if (margin == null) {
            return 0;
        }
        if (!(margin instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw new ConfigurationException(record.source() + ": column '" + config.margin() + "' holds " + margin
                    + " where a number is expected");
        }
        return number.doubleValue();
    }

    /**
     * Rewards of the pairs of a batch.
     *
     * @return {@code [pairs, 2]}: of better and worse answers
     */
    static Tensor rewards(Runner runner, Batch batch) {
        return runner.forward(batch.input()).logits().reshape(-1, 2);
    }

    /** Losses of pairs, {@code [pairs]}. */
    Tensor losses(Runner runner, Tensor rewards, Batch batch) {
        Tensor chosen = rewards.slice(1, 0, 1).reshape(-1);
        Tensor rejected = rewards.slice(1, 1, 2).reshape(-1);
        double[] margins = batch.values(MARGIN);
        Tensor margin = runner.tensors().of(margins, Shape.of(margins.length)).cast(rewards.dtype());
        Tensor losses = chosen.sub(rejected).sub(margin).logSigmoid().neg();
        return config.centerRewardsCoefficient() == 0
                ? losses
                : losses.add(chosen.add(rejected).square().mul(config.centerRewardsCoefficient()));
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Tensor rewards = rewards(runner, batch);
        RewardFigures figures = new RewardFigures();
        figures.add(rewards.detach().floats());
        return new Loss(losses(runner, rewards, batch).sum(), batch.examples().size(), figures.metrics());
    }

    @Override
    public Evaluator evaluator() {
        return new RewardEvaluator(this);
    }
}
