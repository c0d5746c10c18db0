package dev.graft.kernel.data;

import dev.graft.kernel.recipe.DataSection.EvalFrom;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records kept for evaluation and those left for training.
 *
 * @param train what is left
 * @param eval what was kept
 */
record EvaluationShare(List<DataRecord> train, List<DataRecord> eval) {
    /**
     * Keeps a share. At least one record goes to either side; a single text is cut in two when its end is asked for.
     *
     * @throws ConfigurationException if there are too few records to share
     */
    static EvaluationShare of(List<DataRecord> records, double fraction, EvalFrom from, long seed) {
        if (fraction <= 0) {
            return new EvaluationShare(records, List.of());
        }
        if (records.size() < 2) {
            return cut(records, fraction, from);
        }
        int kept = (int) Math.min(records.size() - 1L, Math.max(1, Math.round(fraction * records.size())));
        boolean[] chosen = new boolean[records.size()];
        int[] order = Order.of(records.size(), seed, "evaluation", 0);
        for (int i = 0; i < kept; i++) {
            chosen[from == EvalFrom.END ? records.size() - 1 - i : order[i]] = true;
        }
        List<DataRecord> train = new ArrayList<>();
        List<DataRecord> eval = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            (chosen[i] ? eval : train).add(records.get(i));
        }
        return new EvaluationShare(train, eval);
    }

    private static EvaluationShare cut(List<DataRecord> records, double fraction, EvalFrom from) {
        if (records.isEmpty()) {
            return new EvaluationShare(records, List.of());
        }
        DataRecord single = records.get(0);
        if (from != EvalFrom.END || !(single.fields().get(Column.TEXT) instanceof String text)) {
            throw new ConfigurationException("data.eval_fraction is " + fraction + " but " + single.source()
                    + " is the only record; a single text can be cut in two with data.eval_from: end");
        }
        int at = (int) Math.floor((1 - fraction) * text.length());
        if (at > 0 && Character.isHighSurrogate(text.charAt(at - 1))) {
            at++;
        }
        return new EvaluationShare(
                List.of(with(single, text.substring(0, at))), List.of(with(single, text.substring(at))));
    }

    private static DataRecord with(DataRecord record, String text) {
        Map<String, Object> fields = new LinkedHashMap<>(record.fields());
        fields.put(Column.TEXT, text);
        return new DataRecord(fields, record.source());
    }
}
