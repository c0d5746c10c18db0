package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
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
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Classification as a cloze question: {@code -log softmax(s(. | x))[y]} with the score {@code s(l | x)} of a label from
 * its words at the mask (Schick and Schuetze 2021, equations 1 and 2).
 */
final class Cloze implements Objective {
    private final HardPromptObjectiveConfig config;
    private final Task task;
    private final ClozeTemplates templates;
    private final LabelColumn label;
    private final Verbaliser verbaliser;
    private final PromptWriter writer;
    private final LabelScores scores;
    private volatile Split split;

    /** The words as a tokenizer splits them, kept since every record asks for them. */
    private record Split(Tokenizer tokenizer, WordTokens words) {}

    Cloze(HardPromptObjectiveConfig config) {
        this.config = config;
        this.task = Task.valueOf(config.task());
        this.templates = ClozeTemplates.of(config);
        this.verbaliser = Verbaliser.of(config.verbalizer());
        this.label = new LabelColumn(config.label(), verbaliser.labels());
        this.writer = new PromptWriter(
                templates.question(),
                templates.demonstration(),
                config.separator(),
                config.reasoning(),
                label,
                verbaliser);
        this.scores = new LabelScores(verbaliser, config.wordScores().equals("max"));
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public List<DataRecord> prepare(List<DataRecord> records, List<DataRecord> training, RandomStream random) {
        return new Demonstrations(config.demonstrations(), label).drawn(records, training, random);
    }

    /** The prompt of a record, for instance to show it. */
    List<Piece> prompt(DataRecord record) {
        return writer.write(record, Demonstrations.of(record));
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        return Optional.of(example(record, label.of(record), context));
    }

    private Example example(DataRecord record, int number, EncodeContext context) {
        WordTokens words = words(context.tokenizer());
        int room = context.maxLength() - words.longest() + 1;
        PromptTokens tokens = fitting(record, context.tokenizer(), room);
        if (tokens.length() > room || tokens.place() < 0) {
            throw new ConfigurationException(record.source() + ": the prompt makes " + tokens.length()
                    + " tokens besides the record's values, where data.max_length leaves room for 1 to " + room
                    + "; choose a greater one or another template");
        }
        return Questions.example(tokens.ids(), tokens.place(), words, number);
    }

    /** Leaves out demonstrations, the first one first, and then cuts values, until the prompt fits. */
    private PromptTokens fitting(DataRecord record, Tokenizer tokenizer, int room) {
        int mask = mask(tokenizer);
        int soft = config.softToken() == null ? -1 : soft(tokenizer);
        List<DataRecord> shown = Demonstrations.of(record);
        for (int dropped = 0; dropped < shown.size(); dropped++) {
            List<Piece> pieces = writer.write(record, shown.subList(dropped, shown.size()));
            PromptTokens tokens = PromptTokens.of(pieces, tokenizer, mask, soft);
            if (tokens.length() <= room) {
                return tokens;
            }
        }
        PromptTokens bare = PromptTokens.of(writer.write(record, List.of()), tokenizer, mask, soft);
        bare.cut(room);
        return bare;
    }

    private int mask(Tokenizer tokenizer) {
        if (task == Task.CAUSAL_LM) {
            return -1;
        }
        return tokenizer
                .special("mask_token")
                .orElseThrow(() -> new ConfigurationException(
                        "objective.task is MASKED_LM, but the model's tokenizer has no mask token"));
    }

    private int soft(Tokenizer tokenizer) {
        return tokenizer
                .id(config.softToken())
                .orElseThrow(() -> new ConfigurationException("objective.soft_token '" + config.softToken()
                        + "' is not in the vocabulary of the base model; it must be one of its tokens"));
    }

    private WordTokens words(Tokenizer tokenizer) {
        Split known = split;
        if (known == null || known.tokenizer() != tokenizer) {
            String blanks = templates.question().beforeMask();
            known = new Split(tokenizer, WordTokens.of(verbaliser, tokenizer, blanks, task == Task.MASKED_LM));
            split = known;
        }
        return known.words();
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        long[] labels = Questions.labels(batch);
        Tensor losses = scores.of(runner, batch).crossEntropy(runner.tensors().of(labels, Shape.of(labels.length)));
        return new Loss(losses.sum(), labels.length, Map.of());
    }

    @Override
    public Evaluator evaluator() {
        return new ClozeEvaluator(scores, verbaliser.labels());
    }

    @Override
    public Optional<Labeller> labeller(List<String> labels) {
        return Optional.of(new ClozeLabeller(
                scores, (record, context) -> example(record, Questions.UNKNOWN, context), verbaliser.labels()));
    }
}
