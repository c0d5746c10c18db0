package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Stage two: classes as label words, or as letters of options. */
final class PptTuning implements Objective {
    private final PptTuningConfig config;
    private final List<String> classes;
    private final Verbaliser verbaliser;
    private final Pattern pattern;
    private final String options;
    private final Labelling labelling;

    PptTuning(PptTuningConfig config) {
        this.config = config;
        Map<String, String> words = new TreeMap<>(config.labelWords());
        this.classes = List.copyOf(words.keySet());
        Verbaliser direct = new Verbaliser(new ArrayList<>(words.values()));
        this.verbaliser = config.options() ? Verbaliser.letters(classes.size()) : direct;
        this.options = Verbaliser.options(direct.words());
        String usual = config.options() ? "{text} {options} Answer:" : "{text}";
        Set<String> parts = config.options() ? Set.of("text", "options") : Set.of("text");
        this.pattern = Pattern.of(config.pattern() == null ? usual : config.pattern(), parts);
        this.labelling = new Labelling(classes.size(), 1);
    }

    @Override
    public Task task() {
        return Task.CAUSAL_LM;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        String name = String.valueOf(record.fields().get(config.label()));
        int label = classes.indexOf(name);
        if (label < 0) {
            throw new ConfigurationException(record.source() + ": column '" + config.label() + "' holds '" + name
                    + "', which has no label word; objective.label_words has " + classes);
        }
        return Optional.of(example(record, label, context));
    }

    private Example example(DataRecord record, int label, EncodeContext context) {
        Map<String, String> parts = new HashMap<>(Map.of("text", record.require(config.text())));
        parts.put("options", options);
        return verbaliser.example(pattern.fill(parts), label, context);
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        return new AnswerLoss(labelling).of(runner, batch);
    }

    @Override
    public Evaluator evaluator() {
        return new AnswerEvaluator(labelling);
    }

    @Override
    public Optional<Labeller> labeller(List<String> labels) {
        return Optional.of(new AnswerLabeller(classes, this::unanswered));
    }

    private Example unanswered(DataRecord record, EncodeContext context) {
        return example(record, Verbaliser.UNKNOWN, context);
    }
}
