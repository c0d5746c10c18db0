package dev.graft.objectives.classification;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.DrawnAnswers;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One class per text or pair of texts; the loss is the mean cross-entropy over examples. */
final class Classification implements Objective {
    /** Name of the example value that holds the class number. */
    static final String LABEL = "label";

    private static final ClassLoss LIKELIHOOD = new ClassLoss(0, null);

    private final ClassificationConfig config;
    private final ClassLoss loss;

    Classification(ClassificationConfig config) {
        this.config = config;
        this.loss = new ClassLoss(config.labelSmoothing(), config.classWeights());
    }

    @Override
    public Task task() {
        return Task.SEQ_CLS;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        int label = ClassNumber.of(record, config.label(), context);
        loss.check(
                context.labels().isEmpty()
                        ? context.model().labels()
                        : context.labels().size());
        return Optional.of(new Example(List.of(sequence(record, context)), Map.of(LABEL, (double) label)));
    }

    /** The tokens of a record, whatever its label. */
    Sequence sequence(DataRecord record, EncodeContext context) {
        String text = record.require(config.text());
        String pair = record.text(config.textPair()).orElse(null);
        Sequence sequence = BoundedText.encode(context.tokenizer(), text, pair, context.maxLength());
        if (sequence.length() == 0) {
            throw new ConfigurationException(record.source() + ": column '" + config.text()
                    + "' makes no token; a text to classify needs at least one");
        }
        return sequence;
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        long[] labels = labels(batch);
        return new Loss(
                loss.sum(runner.tensors(), runner.forward(batch.input()).logits(), labels),
                loss.weight(labels),
                Map.of());
    }

    @Override
    public boolean samples() {
        return true;
    }

    @Override
    public Loss sampledLoss(Runner runner, Batch batch, RandomStream random) {
        Tensor logits = runner.forward(batch.input()).logits();
        long[] drawn = DrawnAnswers.of(logits, random);
        return new Loss(LIKELIHOOD.sum(runner.tensors(), logits, drawn), LIKELIHOOD.weight(drawn), Map.of());
    }

    /** Class numbers of a batch, in order. */
    static long[] labels(Batch batch) {
        return Arrays.stream(batch.values(LABEL))
                .mapToLong(label -> (long) label)
                .toArray();
    }

    @Override
    public Evaluator evaluator() {
        return evaluator(List.of());
    }

    @Override
    public Evaluator evaluator(List<String> labels) {
        return new ClassificationEvaluator(loss, labels);
    }

    @Override
    public Optional<Labeller> labeller(List<String> labels) {
        return Optional.of(new Classifier(this, labels));
    }
}
