package dev.graft.objectives.dpo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.ReferenceCheck;
import dev.graft.spi.objective.ReferenceValues;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads reference cases of preference optimisation: {@code chosen_} and {@code rejected_input_ids},
 * {@code _attention_mask} and {@code _response_mask} {@code [pairs, length]}; log-probabilities
 * {@code policy_chosen_logps}, ...; {@code chosen_rewards} and {@code rejected_rewards}; a {@code loss_TYPE}, or
 * {@code loss_TYPE_label_smoothing_E}, per pair; a {@code TYPE_trajectory}. {@code case.json} gives {@code beta} and perhaps
 * {@code simpo_gamma}.
 */
final class DpoReference {
    private static final Pattern LOSS = Pattern.compile("loss_(\\w+?)(?:_label_smoothing_([0-9.]+))?");
    private static final Pattern TRAJECTORY = Pattern.compile("(\\w+?)(?:_label_smoothing_([0-9.]+))?_trajectory");

    private final ReferenceValues reference;

    DpoReference(ReferenceValues reference) {
        this.reference = reference;
    }

    ReferenceCheck check() {
        Map<String, Dpo> losses = new LinkedHashMap<>();
        Map<String, Objective> trainings = new LinkedHashMap<>();
        for (String name : reference.names().stream().sorted().toList()) {
            Matcher loss = LOSS.matcher(name);
            Matcher trajectory = TRAJECTORY.matcher(name);
            if (loss.matches()) {
                losses.put(name, objective(loss));
            } else if (trajectory.matches()) {
                trainings.put(name, objective(trajectory));
            }
        }
        return new ReferenceCheck(examples(), (runner, batch) -> values(losses, runner, batch), trainings);
    }

    private Dpo objective(Matcher name) {
        LossType type = Arrays.stream(LossType.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name.group(1)))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("the reference case has '" + name.group()
                        + "'; losses are " + Arrays.toString(LossType.values()).toLowerCase(Locale.ROOT)));
        double smoothing = name.group(2) == null ? 0 : Double.parseDouble(name.group(2));
        return new Dpo(new DpoConfig(
                type,
                number("beta", 0.1),
                smoothing,
                number("simpo_gamma", 0.5),
                false,
                true,
                null,
                PromptFormat.Chat.NEVER,
                false));
    }

    private double number(String key, double usual) {
        return reference.description().get(key) instanceof Number number ? number.doubleValue() : usual;
    }

    private List<Example> examples() {
        List<Sequence> chosen = sequences("chosen");
        List<Sequence> rejected = sequences("rejected");
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            examples.add(Answers.example(chosen.get(i), rejected.get(i), true));
        }
        return examples;
    }

    private List<Sequence> sequences(String which) {
        int[][] ids = reference.table(which + "_input_ids");
        int[][] real = reference.table(which + "_attention_mask");
        int[][] response = reference.table(which + "_response_mask");
        List<Sequence> sequences = new ArrayList<>();
        for (int row = 0; row < ids.length; row++) {
            int length = Arrays.stream(real[row]).sum();
            int[] labels = new int[length];
            for (int i = 0; i < length; i++) {
                labels[i] = i > 0 && response[row][i] != 0 ? ids[row][i] : (int) Losses.IGNORED;
            }
            sequences.add(Sequence.of(Arrays.copyOf(ids[row], length), labels));
        }
        return sequences;
    }

    private Map<String, float[]> values(Map<String, Dpo> losses, Runner runner, Batch batch) {
        Dpo plain = objective(matched("loss_sigmoid"));
        PairLogs logs = plain.logs(runner, batch);
        Map<String, Tensor> values = new LinkedHashMap<>();
        values.put("policy_chosen_logps", logs.chosen());
        values.put("policy_rejected_logps", logs.rejected());
        values.put("reference_chosen_logps", logs.referenceChosen());
        values.put("reference_rejected_logps", logs.referenceRejected());
        values.put("chosen_rewards", plain.pairLoss().chosenReward(logs));
        values.put("rejected_rewards", plain.pairLoss().rejectedReward(logs));
        values.keySet().retainAll(reference.names());
        losses.forEach(
                (name, objective) -> values.put(name, objective.pairLoss().of(logs)));
        Map<String, float[]> floats = new LinkedHashMap<>();
        values.forEach((name, tensor) -> floats.put(name, tensor.floats()));
        return floats;
    }

    private static Matcher matched(String name) {
        Matcher matcher = LOSS.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalStateException(name);
        }
        return matcher;
    }
}
