package dev.graft.tck.objective;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.RuleBroken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** From records to examples. */
final class EncodingChecks {
    private static final List<Object> WRONG = List.of(7, true, List.of(1, 2), Map.of("a", 1), "");

    /** The least limit that sequences have to keep; special tokens stand around those of the text. */
    static final int LEAST = 4;

    private EncodingChecks() {}

    static void repeatable(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            List<DataRecord> prepared = stage.prepared();
            for (int i = 0; i < prepared.size(); i++) {
                Map<String, Object> fields = new LinkedHashMap<>(prepared.get(i).fields());
                DataRecord record = new DataRecord(fields, prepared.get(i).source());
                Map<String, Object> before = new LinkedHashMap<>(fields);
                Optional<Example> once = encode(stage, record);
                Expect.equal(fields, before, "the columns of " + record.source() + " after it was encoded");
                same(encode(stage, record), once, "the example of " + record.source() + ", encoded again");
            }
            Expect.that(!stage.encoded().isEmpty(), "no record holds anything to learn from");
        }
    }

    private static Optional<Example> encode(ObjectiveStage stage, DataRecord record) {
        return stage.objective().encode(record, stage.context(ObjectiveStage.NO_LIMIT));
    }

    private static void same(Optional<Example> found, Optional<Example> expected, String what) {
        Expect.equal(found.map(EncodingChecks::text), expected.map(EncodingChecks::text), what);
    }

    /** All that an example holds but its record. */
    static String text(Example example) {
        StringBuilder text = new StringBuilder(new TreeMap<>(example.values()).toString());
        example.series().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(series -> text.append(' ').append(series.getKey()).append(Arrays.toString(series.getValue())));
        for (Sequence sequence : example.sequences()) {
            text.append(" ids ")
                    .append(Arrays.toString(sequence.ids()))
                    .append(" labels ")
                    .append(Arrays.toString(sequence.labels()))
                    .append(" types ")
                    .append(Arrays.toString(sequence.types()))
                    .append(" branches ")
                    .append(Arrays.toString(sequence.branches()));
        }
        return text.toString();
    }

    static void wrong(ObjectiveTrial<?> trial) throws Exception {
        try (ObjectiveStage stage = trial.stage()) {
            List<DataRecord> records = trial.records();
            DataRecord first = records.get(0);
            tried(stage, records, Map.of(), first.fields().keySet().stream().toList(), "no columns");
            for (String column : first.fields().keySet()) {
                Map<String, Object> without = new LinkedHashMap<>(first.fields());
                without.remove(column);
                tried(stage, records, without, List.copyOf(first.fields().keySet()), "no column '" + column + "'");
                for (Object value : WRONG) {
                    Map<String, Object> damaged = new LinkedHashMap<>(first.fields());
                    damaged.put(column, value);
                    tried(stage, records, damaged, List.of(column), value + " in column '" + column + "'");
                }
            }
        }
    }

    /** The first record with other columns is refused by its source and a column, or comes to something. */
    private static void tried(
            ObjectiveStage stage,
            List<DataRecord> records,
            Map<String, Object> fields,
            List<String> columns,
            String what)
            throws Exception {
        DataRecord damaged = new DataRecord(fields, "damaged.jsonl, line 1");
        List<DataRecord> all = new ArrayList<>(records);
        all.set(0, damaged);
        int[] made = new int[1];
        String refusal;
        try {
            refusal = Expect.refusal(() -> {
                for (DataRecord record : stage.objective().prepare(all, all, stage.random())) {
                    Optional<Example> example = encode(stage, record);
                    made[0] += record.source().equals(damaged.source()) && example.isPresent() ? 1 : 0;
                }
            });
        } catch (RuntimeException thrown) {
            throw new RuleBroken("a record with " + what + ": it threw " + thrown, thrown);
        }
        Expect.that(!fields.isEmpty() || made[0] == 0, "a record without any column makes an example");
        if (refusal != null) {
            Expect.that(
                    refusal.contains(damaged.source()),
                    "a record with " + what + " was refused without its source, " + damaged.source() + ": " + refusal);
            Expect.that(
                    columns.stream().anyMatch(refusal::contains),
                    "a record with " + what + " was refused without a column: " + refusal);
        }
    }

    static void bounded(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            for (DataRecord record : stage.prepared()) {
                Optional<Example> whole = encode(stage, record);
                int longest = whole.map(EncodingChecks::longest).orElse(0);
                for (int limit = longest + 1; limit >= LEAST; limit--) {
                    limited(stage, record, whole, limit);
                }
            }
        }
    }

    static int longest(Example example) {
        return example.sequences().stream().mapToInt(Sequence::depth).max().orElse(0);
    }

    private static void limited(ObjectiveStage stage, DataRecord record, Optional<Example> whole, int limit) {
        Optional<Example> found;
        try {
            found = stage.objective().encode(record, stage.context(limit));
        } catch (ConfigurationException noRoom) {
            Expect.sentence(noRoom.getMessage());
            Expect.that(
                    whole.isEmpty() || longest(whole.get()) > limit,
                    record.source() + " is refused with a limit that it keeps, " + limit + ": " + noRoom.getMessage());
            return;
        }
        if (whole.isPresent() && longest(whole.get()) <= limit) {
            same(found, whole, "the example of " + record.source() + " with a limit that it keeps, " + limit);
        } else if (found.isPresent() && !text(found.get()).equals(text(whole.orElseThrow()))) {
            Expect.that(
                    longest(found.get()) <= limit,
                    record.source() + " makes " + longest(found.get()) + " tokens with a limit of " + limit);
        }
    }

    static void inVocabulary(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            int vocabulary = stage.model().description().vocabulary();
            for (List<Example> examples : List.of(stage.encoded(), stage.drawn(), stage.learnt())) {
                for (Example example : examples) {
                    example.values()
                            .forEach((name, value) -> Expect.that(
                                    Double.isFinite(value), "the value " + name + " of an example is " + value));
                    example.sequences().forEach(sequence -> sound(sequence, vocabulary));
                }
            }
        }
    }

    private static void sound(Sequence sequence, int vocabulary) {
        Expect.that(sequence.length() > 0, "a sequence has no token");
        for (int id : sequence.ids()) {
            Expect.that(id >= 0 && id < vocabulary, "a sequence holds token " + id + " of " + vocabulary);
        }
        for (int[] each : new int[][] {sequence.labels(), sequence.types(), sequence.branches(), sequence.words()}) {
            Expect.that(
                    each == null || each.length == sequence.length(),
                    "a sequence of " + sequence.length() + " tokens comes with " + Arrays.toString(each));
        }
        for (int label : sequence.labels() == null ? new int[0] : sequence.labels()) {
            Expect.that(
                    label == Losses.IGNORED || (label >= 0 && label < vocabulary),
                    "a sequence holds the label " + label + ", neither -100 nor of " + vocabulary + " tokens");
        }
        int[] branches = sequence.branches();
        for (int i = 1; branches != null && i < branches.length; i++) {
            Expect.that(branches[i] >= branches[i - 1], "branches fall: " + Arrays.toString(branches));
        }
    }

    static void drawn(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            for (Example example : stage.encoded()) {
                String before = text(example);
                Example once = draw(stage, example, RandomStream.seeded(3));
                Expect.equal(text(example), before, "an example after one was drawn from it");
                draw(stage, example, RandomStream.seeded(4));
                same(
                        Optional.of(draw(stage, example, RandomStream.seeded(3))),
                        Optional.of(once),
                        "what is drawn with the same random numbers");
                Expect.equal(lengths(once), lengths(example), "the lengths of sequences after drawing");
            }
        }
    }

    private static Example draw(ObjectiveStage stage, Example example, RandomStream random) {
        return stage.objective().draw(example, stage.context(ObjectiveStage.NO_LIMIT), random);
    }

    private static List<Integer> lengths(Example example) {
        return example.sequences().stream().map(Sequence::length).toList();
    }

    static void prepared(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            List<DataRecord> records = new ArrayList<>(trial.records());
            List<DataRecord> training = new ArrayList<>(trial.records());
            List<DataRecord> once = stage.objective().prepare(records, training, stage.random());
            Expect.equal(records, trial.records(), "the records after they were prepared");
            Expect.equal(training, trial.records(), "the training records after others were prepared");
            stage.objective().prepare(records, training, RandomStream.seeded(4));
            Expect.equal(
                    stage.objective().prepare(records, training, stage.random()),
                    once,
                    "records that are prepared with the same random numbers");
        }
    }
}
