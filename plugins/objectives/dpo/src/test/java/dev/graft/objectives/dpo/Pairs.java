package dev.graft.objectives.dpo;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.ObjectiveChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Small pairs, and a model in double precision with an adapter to judge them. */
final class Pairs implements AutoCloseable {
    private static final Map<String, Object> LORA =
            Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");

    private final Bench bench = new Bench();
    private final LoadedModel model;
    private final ObjectiveChecks checks;

    Pairs(SmallModel small, Path directory) {
        this(small, directory, "lora", LORA);
    }

    Pairs(SmallModel small, Path directory, String method, Map<String, Object> keys) {
        model = small.loadDouble(bench, directory);
        checks = new ObjectiveChecks(bench, model, ObjectiveChecks.attach(bench, model, method, keys));
    }

    /** Four pairs of unequal lengths, in one row each or with a row for each answer. */
    static List<Example> examples(boolean share) {
        return List.of(
                pair(share, new int[] {1, 5, 9, 4}, new int[] {7, 2, 11}, new int[] {8, 2}),
                pair(share, new int[] {1, 3}, new int[] {6, 6, 2, 19, 4, 2}, new int[] {6, 2}),
                pair(share, new int[] {1, 12, 30, 7, 7, 21, 14}, new int[] {2}, new int[] {25, 13, 2}),
                pair(share, new int[] {1}, new int[] {17, 9, 2}, new int[] {29, 28, 27, 26, 2}));
    }

    static Example pair(boolean share, int[] prompt, int[] chosen, int[] rejected) {
        return Answers.example(answered(prompt, chosen), answered(prompt, rejected), share);
    }

    private static Sequence answered(int[] prompt, int[] answer) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, ids, prompt.length, answer.length);
        int[] labels = ids.clone();
        Arrays.fill(labels, 0, prompt.length, -100);
        return Sequence.of(ids, labels);
    }

    Objective objective(LossType type) {
        return objective(type, Map.of());
    }

    Objective objective(LossType type, Map<String, Object> more) {
        Map<String, Object> keys =
                new HashMap<>(Map.of("loss_type", type.name().toLowerCase(Locale.ROOT), "beta", 0.4));
        if (type == LossType.ROBUST) {
            keys.put("label_smoothing", 0.2);
        }
        keys.putAll(more);
        return ObjectiveChecks.objective(bench, "dpo", keys);
    }

    Bench bench() {
        return bench;
    }

    LoadedModel model() {
        return model;
    }

    ObjectiveChecks checks() {
        return checks;
    }

    @Override
    public void close() {
        checks.adapter().release();
        model.close();
        bench.close();
    }
}
