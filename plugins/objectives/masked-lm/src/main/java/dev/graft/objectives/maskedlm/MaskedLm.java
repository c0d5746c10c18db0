package dev.graft.objectives.maskedlm;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Losses;
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
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Prediction of hidden tokens from both sides; the loss is the mean over predicted tokens. */
final class MaskedLm implements Objective {
    private final MaskedLmConfig config;

    MaskedLm(MaskedLmConfig config) {
        this.config = config;
    }

    @Override
    public Task task() {
        return Task.MASKED_LM;
    }

    @Override
    public boolean packable() {
        return true;
    }

    /** The tokens of a text; what may be predicted is labelled, special tokens are not. */
    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        mask(context.tokenizer());
        String text = record.require(config.text());
        Encoding encoding = bounded(context.tokenizer().encode(text, true), context.maxLength());
        int[] labels = encoding.ids().clone();
        for (int i = 0; i < labels.length; i++) {
            if (encoding.starts()[i] == encoding.ends()[i]) {
                labels[i] = (int) Losses.IGNORED;
            }
        }
        boolean nothing = Arrays.stream(labels).allMatch(label -> label == Losses.IGNORED);
        int[] words = config.wholeWordMask() ? Words.of(text, encoding) : null;
        return nothing
                ? Optional.empty()
                : Optional.of(Example.of(new Sequence(encoding.ids(), labels, null, null, words)));
    }

    /** No more than so many tokens: content is lost at its end, the special tokens behind it stay. */
    private static Encoding bounded(Encoding encoding, int most) {
        int length = encoding.ids().length;
        if (length <= most) {
            return encoding;
        }
        int behind = 0;
        while (behind < length && encoding.starts()[length - 1 - behind] == encoding.ends()[length - 1 - behind]) {
            behind++;
        }
        int special = Math.min(behind, most);
        int[] kept = IntStream.range(0, most)
                .map(i -> i < most - special ? i : length - most + i)
                .toArray();
        return new Encoding(pick(encoding.ids(), kept), pick(encoding.starts(), kept), pick(encoding.ends(), kept));
    }

    private static int[] pick(int[] values, int[] places) {
        return Arrays.stream(places).map(i -> values[i]).toArray();
    }

    @Override
    public Example draw(Example example, EncodeContext context, RandomStream random) {
        int vocabulary = Math.min(context.tokenizer().size(), context.model().vocabulary());
        Masking masking = new Masking(config, mask(context.tokenizer()), vocabulary);
        List<Sequence> drawn = example.sequences().stream()
                .map(sequence -> masking.draw(sequence, random))
                .toList();
        return example.with(drawn);
    }

    private static int mask(Tokenizer tokenizer) {
        return tokenizer
                .special("mask_token")
                .orElseThrow(() -> new ConfigurationException(
                        "masked-lm needs a tokenizer with a mask_token; that of the base model has none"));
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Output output = runner.forward(batch.input());
        return new Loss(
                output.tokenLosses(batch.labels(), false).sum(), output.labelled(batch.labels(), false), Map.of());
    }

    @Override
    public Evaluator evaluator() {
        return new MaskedLmEvaluator();
    }
}
