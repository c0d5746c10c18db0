package dev.graft.methods.ppt;

import dev.graft.methods.ppt.SelfSupervision.Question;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stage one: questions made from unlabelled text, answered with label words. */
final class PptPretraining implements Objective {
    private static final String QUESTION = "question";
    private static final String LABEL = "label";

    private final PptPretrainingConfig config;
    private final SelfSupervision task;
    private final Verbaliser verbaliser;
    private final Pattern pattern;
    private final Labelling labelling;
    private final Annotations annotations;

    PptPretraining(PptPretrainingConfig config) {
        this.config = config;
        List<String> words = config.labelWords();
        switch (config.form()) {
            case SENTENCE_PAIR -> {
                task = new SentencePairs();
                verbaliser = new Verbaliser(words.isEmpty() ? List.of("no", "maybe", "yes") : words);
                pattern = pattern("{first} {second} Answer:", Set.of("first", "second"));
            }
            case MULTIPLE_CHOICE -> {
                task = new SentenceChoices(config.candidates());
                verbaliser = Verbaliser.letters(config.candidates());
                pattern = pattern("{question} {options} Answer:", Set.of("question", "options"));
            }
            default -> {
                task = new SingleSentences();
                verbaliser = new Verbaliser(words);
                pattern = pattern("{sentence}", Set.of("sentence"));
            }
        }
        annotations = config.label() == null
                ? null
                : new Annotations(
                        config.label(),
                        config.labels().isEmpty() ? words : config.labels(),
                        config.confidenceColumn(),
                        config.confidence(),
                        config.perLabel());
        labelling = new Labelling(verbaliser.words().size(), config.confidence());
    }

    private Pattern pattern(String usual, Set<String> parts) {
        return Pattern.of(config.pattern() == null ? usual : config.pattern(), parts);
    }

    @Override
    public Task task() {
        return Task.CAUSAL_LM;
    }

    @Override
    public List<DataRecord> prepare(List<DataRecord> records, List<DataRecord> training, RandomStream random) {
        if (annotations != null) {
            return annotated(records);
        }
        Documents others = Documents.of(training, config.text());
        List<DataRecord> questions = new ArrayList<>();
        for (DataRecord record : records) {
            List<String> sentences = Documents.sentences(record.require(config.text()));
            for (int i = 0; i < config.perText() && !sentences.isEmpty(); i++) {
                task.ask(sentences, others, random)
                        .ifPresent(question -> questions.add(new DataRecord(fields(question), record.source())));
            }
        }
        if (questions.isEmpty() && !records.isEmpty()) {
            throw new ConfigurationException(
                    records.get(0).source() + ": no text of the data has two sentences in column '"
                            + config.text() + "', which form "
                            + config.form().name().toLowerCase(Locale.ROOT) + " needs");
        }
        return questions;
    }

    /** Whole texts, since a text is what the annotator labelled. */
    private List<DataRecord> annotated(List<DataRecord> records) {
        int[] labels = annotations.of(records);
        List<DataRecord> questions = new ArrayList<>();
        for (DataRecord record : records) {
            String text = record.require(config.text());
            Question question = new Question(Map.of("sentence", text), labels[questions.size()]);
            questions.add(new DataRecord(fields(question), record.source()));
        }
        return questions;
    }

    private Map<String, Object> fields(Question question) {
        return Map.of(QUESTION, pattern.fill(question.parts()), LABEL, question.label());
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        int label = ((Number) record.fields().get(LABEL)).intValue();
        if (label == Annotations.NONE) {
            return Optional.empty();
        }
        return Optional.of(verbaliser.example(record.require(QUESTION), label, context));
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        return new AnswerLoss(labelling).of(runner, batch);
    }

    @Override
    public Evaluator evaluator() {
        return new AnswerEvaluator(labelling);
    }
}
