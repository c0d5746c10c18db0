package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws answered examples for every record: as many of each label, as far as their number allows, never the record
 * itself, in a random order.
 *
 * @param count how many a record gets
 * @param label finds labels
 */
record Demonstrations(int count, LabelColumn label) {
    private static final String FIELD = "demonstrations";

    /**
     * Records with their demonstrations.
     *
     * @param training what is drawn from
     * @throws ConfigurationException if a label has too few records
     */
    List<DataRecord> drawn(List<DataRecord> records, List<DataRecord> training, RandomStream random) {
        if (count == 0) {
            return records;
        }
        List<List<DataRecord>> byLabel = new ArrayList<>();
        label.labels().forEach(name -> byLabel.add(new ArrayList<>()));
        training.forEach(record -> byLabel.get(label.of(record)).add(record));
        return records.stream()
                .map(record -> with(record, draw(record, byLabel, random)))
                .toList();
    }

    /** The demonstrations a record was given. */
    static List<DataRecord> of(DataRecord record) {
        List<DataRecord> shown = new ArrayList<>();
        if (record.fields().get(FIELD) instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof DataRecord demonstration) {
                    shown.add(demonstration);
                }
            }
        }
        return shown;
    }

    private static DataRecord with(DataRecord record, List<DataRecord> shown) {
        Map<String, Object> fields = new LinkedHashMap<>(record.fields());
        fields.put(FIELD, shown);
        return new DataRecord(fields, record.source());
    }

    private List<DataRecord> draw(DataRecord record, List<List<DataRecord>> byLabel, RandomStream random) {
        List<Integer> order = new ArrayList<>();
        for (int number = 0; number < byLabel.size(); number++) {
            order.add(number);
        }
        shuffle(order, random);
        List<DataRecord> drawn = new ArrayList<>();
        for (int turn = 0; turn < order.size(); turn++) {
            int share = count / order.size() + (turn < count % order.size() ? 1 : 0);
            drawn.addAll(of(order.get(turn), share, byLabel.get(order.get(turn)), record, random));
        }
        shuffle(drawn, random);
        return List.copyOf(drawn);
    }

    private List<DataRecord> of(int number, int share, List<DataRecord> pool, DataRecord record, RandomStream random) {
        Map<Integer, Integer> moved = new HashMap<>();
        List<DataRecord> drawn = new ArrayList<>();
        for (int left = pool.size(); drawn.size() < share; left--) {
            if (left == 0) {
                throw new ConfigurationException("objective.demonstrations is " + count + ", which needs " + share
                        + " records of label '" + label.labels().get(number)
                        + "' besides the one that is asked about, but the training data has "
                        + drawn.size());
            }
            int picked = random.nextInt(left);
            DataRecord candidate = pool.get(moved.getOrDefault(picked, picked));
            moved.put(picked, moved.getOrDefault(left - 1, left - 1));
            if (!candidate.equals(record)) {
                drawn.add(candidate);
            }
        }
        return drawn;
    }

    private static <T> void shuffle(List<T> list, RandomStream random) {
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T held = list.get(i);
            list.set(i, list.get(other));
            list.set(other, held);
        }
    }
}
