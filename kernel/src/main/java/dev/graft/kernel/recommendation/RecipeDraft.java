package dev.graft.kernel.recommendation;

import dev.graft.kernel.config.YamlText;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Suitability;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A recipe to begin with.
 *
 * @param model directory or id of the base
 * @param data file to train on
 * @param objective id of the objective
 * @param output directory of the run
 * @param examples training examples, which decide on the number of epochs
 * @param batchSize rows of one batch
 * @param accumulation batches of one step
 * @param checkpointing whether blocks are computed again in the backward pass
 */
public record RecipeDraft(
        String model,
        String data,
        String objective,
        String output,
        long examples,
        int batchSize,
        int accumulation,
        boolean checkpointing) {

    /** The recipe in YAML for a technique that says what it is good for. */
    public String yaml(MethodProvider<?> method) {
        Suitability suitability = method.suitability().orElseThrow();
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("id", method.id());
        suitability.keys().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(key -> section.put(key.getKey(), key.getValue()));
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("learning_rate", suitability.learningRate());
        schedule.put("kind", "cosine");
        schedule.put("warmup_ratio", 0.1);
        Map<String, Object> dataSection = new LinkedHashMap<>();
        dataSection.put("train", data);
        dataSection.put("batch_size", batchSize);
        if (accumulation > 1) {
            dataSection.put("gradient_accumulation", accumulation);
        }
        Map<String, Object> training = new LinkedHashMap<>();
        training.put("epochs", epochs());
        if (checkpointing) {
            training.put("gradient_checkpointing", true);
        }
        Map<String, Object> recipe = new LinkedHashMap<>();
        recipe.put("model", model);
        recipe.put("method", section);
        recipe.put("objective", objective);
        recipe.put("schedule", schedule);
        recipe.put("data", dataSection);
        recipe.put("training", training);
        recipe.put("output", output);
        return YamlText.of(recipe);
    }

    /** The same with half the rows and twice the batches of a step; with one row, with blocks computed again. */
    public RecipeDraft smaller() {
        boolean whole = batchSize == 1;
        return new RecipeDraft(
                model,
                data,
                objective,
                output,
                examples,
                whole ? 1 : batchSize / 2,
                whole ? accumulation : accumulation * 2,
                checkpointing || whole);
    }

    /** Little data is gone through more often. */
    private int epochs() {
        return examples <= 100 ? 30 : examples <= 1_000 ? 10 : examples <= 100_000 ? 3 : 1;
    }
}
