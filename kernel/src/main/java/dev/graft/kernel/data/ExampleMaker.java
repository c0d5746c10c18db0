package dev.graft.kernel.data;

import dev.graft.kernel.recipe.DataSection.Overlong;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Has records turned into examples, and deals with those that are too long. */
final class ExampleMaker {
    private final Encoder encoder;
    private final EncodeContext whole;
    private final EncodeContext bounded;
    private final Overlong overlong;

    /** Turns a record into an example, or into nothing. */
    @FunctionalInterface
    interface Encoder {
        /** The example of a record, its sequences no longer than the context allows where they can be shortened. */
        Optional<Example> encode(DataRecord record, EncodeContext context);
    }

    ExampleMaker(
            Encoder encoder,
            Tokenizer tokenizer,
            ModelDescription model,
            List<String> labels,
            int maxLength,
            Overlong overlong) {
        this.encoder = encoder;
        this.whole = new EncodeContext(tokenizer, model, Integer.MAX_VALUE, labels);
        this.bounded = new EncodeContext(tokenizer, model, maxLength, labels);
        this.overlong = overlong;
    }

    /**
     * The examples of records.
     *
     * @param kind what the records are for, for messages
     * @param notes takes how many records were skipped, cut, split or dropped
     */
    List<Example> examples(List<DataRecord> records, String kind, List<String> notes) {
        List<Example> examples = new ArrayList<>();
        int skipped = 0;
        int tooLong = 0;
        for (DataRecord record : records) {
            Optional<Example> encoded = encoder.encode(record, whole);
            boolean fits = encoded.isEmpty() || longest(encoded.get()) <= bounded.maxLength();
            List<Example> made = fits ? encoded.stream().toList() : shorten(record, encoded.get());
            made.forEach(example -> check(record, example));
            skipped += encoded.isEmpty() || (made.isEmpty() && overlong != Overlong.DROP) ? 1 : 0;
            tooLong += fits ? 0 : 1;
            examples.addAll(made);
        }
        note(notes, skipped, records.size(), kind, "hold nothing to learn from and were skipped");
        String done = switch (overlong) {
            case SPLIT -> "were split into sequences of ";
            case DROP -> "were dropped for being longer than ";
            default -> "were cut to ";
        };
        note(notes, tooLong, records.size(), kind, done + bounded.maxLength() + " tokens");
        return examples;
    }

    private static void note(List<String> notes, int count, int all, String kind, String what) {
        if (count > 0) {
            notes.add(count + " of " + all + " " + kind + " records " + what);
        }
    }

    private static int longest(Example example) {
        return example.sequences().stream().mapToInt(Sequence::depth).max().orElse(0);
    }

    private List<Example> shorten(DataRecord record, Example example) {
        return switch (overlong) {
            case DROP -> List.of();
            case ERROR ->
                throw new ConfigurationException(record.source() + ": the record makes " + longest(example)
                        + " tokens, more than data.max_length = " + bounded.maxLength()
                        + "; data.overlong says what to do with it: truncate, split or drop");
            case TRUNCATE ->
                encoder.encode(record, bounded).map(this::cut).stream()
                        .filter(ExampleMaker::teaches)
                        .toList();
            case SPLIT -> split(record, example);
        };
    }

    /** Cuts what the objective left too long. */
    private Example cut(Example example) {
        List<Sequence> sequences = example.sequences().stream()
                .map(sequence -> sequence.depth() <= bounded.maxLength()
                        ? sequence
                        : part(sequence, 0, Math.min(sequence.length(), bounded.maxLength())))
                .toList();
        return example.with(sequences);
    }

    private List<Example> split(DataRecord record, Example example) {
        Sequence sequence = example.sequences().get(0);
        if (example.sequences().size() != 1 || sequence.labels() == null || sequence.branches() != null) {
            throw new ConfigurationException(
                    record.source() + ": the record makes " + longest(example)
                            + " tokens, more than data.max_length = " + bounded.maxLength()
                            + ", and this objective cannot learn from its parts; data.overlong must be truncate, drop or error");
        }
        List<Example> parts = new ArrayList<>();
        for (int start = 0; start < sequence.length(); start += bounded.maxLength()) {
            int end = Math.min(sequence.length(), start + bounded.maxLength());
            Example part = example.with(List.of(part(sequence, start, end)));
            if (teaches(part)) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static Sequence part(Sequence sequence, int from, int to) {
        return new Sequence(
                Arrays.copyOfRange(sequence.ids(), from, to),
                part(sequence.labels(), from, to),
                part(sequence.types(), from, to),
                part(sequence.branches(), from, to),
                part(sequence.words(), from, to));
    }

    private static int[] part(int[] values, int from, int to) {
        return values == null ? null : Arrays.copyOfRange(values, from, to);
    }

    /** Whether anything is labelled, the first token aside, which nothing predicts. */
    private static boolean teaches(Example example) {
        return example.sequences().stream()
                .anyMatch(sequence -> sequence.labels() == null
                        || Arrays.stream(sequence.labels()).skip(1).anyMatch(label -> label != Losses.IGNORED));
    }

    private void check(DataRecord record, Example example) {
        int allowed = bounded.model().maxPositions();
        if (allowed > 0 && longest(example) > allowed) {
            throw new ConfigurationException(record.source() + ": the record makes " + longest(example)
                    + " tokens, more than the " + allowed + " positions of the model; data.max_length is "
                    + bounded.maxLength() + " and must be at most " + allowed);
        }
        int vocabulary = bounded.model().vocabulary();
        for (Sequence sequence : example.sequences()) {
            for (int id : sequence.ids()) {
                if (id < 0 || id >= vocabulary) {
                    throw new ConfigurationException(record.source() + ": token id " + id
                            + " is outside the model's vocabulary of " + vocabulary
                            + "; the tokenizer does not belong to this model");
                }
            }
        }
    }
}
