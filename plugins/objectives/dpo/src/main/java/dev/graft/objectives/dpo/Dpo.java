package dev.graft.objectives.dpo;

import dev.graft.spi.engine.Losses;
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
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Learns to prefer the better of two answers; the loss is the mean over pairs. */
final class Dpo implements Objective {
    /** Name of the example value that holds the reference's log-probability of the better answer; TRL's column. */
    static final String REFERENCE_CHOSEN = "ref_chosen_logps";

    /** Name of the example value that holds the reference's log-probability of the worse answer; TRL's column. */
    static final String REFERENCE_REJECTED = "ref_rejected_logps";

    private final DpoConfig config;
    private final PromptFormat format;
    private final PairLoss loss;

    Dpo(DpoConfig config) {
        this.config = config;
        this.format = config.format();
        this.loss = config.loss();
    }

    @Override
    public Task task() {
        return Task.CAUSAL_LM;
    }

    @Override
    public boolean packable() {
        return true;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        Optional<PreferencePair> pair = PreferencePair.of(record, format, context.tokenizer());
        if (pair.isEmpty()) {
            return Optional.empty();
        }
        Sequence chosen = sequence(pair.get().chosen(), context);
        Sequence rejected = sequence(pair.get().rejected(), context);
        boolean same = Arrays.equals(chosen.ids(), rejected.ids());
        return same || !teaches(chosen) || !teaches(rejected)
                ? Optional.empty()
                : Optional.of(Answers.example(chosen, rejected, config.sharePrompt()));
    }

    private Sequence sequence(AnsweredPrompt answered, EncodeContext context) {
        AnsweredPrompt.Tokens tokens =
                answered.tokens(context.tokenizer(), config.appendEos()).first(context.maxLength());
        int[] labels = tokens.ids().clone();
        Arrays.fill(labels, 0, Math.min(labels.length, Math.max(1, tokens.answer())), (int) Losses.IGNORED);
        return Sequence.of(tokens.ids(), labels);
    }

    private static boolean teaches(Sequence sequence) {
        return Arrays.stream(sequence.labels()).anyMatch(label -> label != Losses.IGNORED);
    }

    @Override
    public boolean looksAhead() {
        return config.precomputeRefLogProbs();
    }

    @Override
    public List<Map<String, Double>> ahead(Runner runner, Batch batch) {
        Tensor sums = Answers.of(batch).sums(runner.tensors(), runner.reference(batch.input()), batch);
        List<Map<String, Double>> figures = new ArrayList<>();
        for (int i = 0; i < batch.examples().size(); i++) {
            Tensor pair = sums.slice(0, i, i + 1L);
            figures.add(Map.of(
                    REFERENCE_CHOSEN, pair.slice(1, 0, 1).item(),
                    REFERENCE_REJECTED, pair.slice(1, 1, 2).item()));
        }
        return figures;
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        PairLogs logs = logs(runner, batch);
        Tensor losses = loss.of(logs);
        PairFigures figures = new PairFigures();
        figures.add(loss, logs);
        return new Loss(losses.sum(), batch.examples().size(), figures.metrics());
    }

    /** Log-probabilities of the pairs of a batch, by one pass of the policy and at most one of the reference. */
    PairLogs logs(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        Answers answers = Answers.of(batch);
        Tensor policy = answers.sums(tensors, runner.forward(batch.input()), batch);
        Tensor reference = config.lossType().needsReference() ? reference(runner, batch, answers) : null;
        return new PairLogs(
                column(policy, 0),
                column(policy, 1),
                reference == null ? null : column(reference, 0),
                reference == null ? null : column(reference, 1),
                answers.tokens(tensors, 0),
                answers.tokens(tensors, 1));
    }

    private static Tensor reference(Runner runner, Batch batch, Answers answers) {
        Tensors tensors = runner.tensors();
        boolean known = batch.examples().stream()
                .allMatch(example ->
                        example.values().keySet().containsAll(List.of(REFERENCE_CHOSEN, REFERENCE_REJECTED)));
        if (!known) {
            return tensors.withoutGradient(() -> answers.sums(tensors, runner.reference(batch.input()), batch));
        }
        double[] chosen = batch.values(REFERENCE_CHOSEN);
        double[] rejected = batch.values(REFERENCE_REJECTED);
        double[] both = new double[2 * chosen.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = i % 2 == 0 ? chosen[i / 2] : rejected[i / 2];
        }
        return tensors.of(both, Shape.of(chosen.length, 2));
    }

    private static Tensor column(Tensor sums, int kind) {
        return sums.slice(1, kind, kind + 1L).reshape(-1);
    }

    /** The loss on pairs. */
    PairLoss pairLoss() {
        return loss;
    }

    @Override
    public Evaluator evaluator() {
        return new DpoEvaluator(this);
    }
}
