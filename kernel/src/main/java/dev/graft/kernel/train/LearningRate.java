package dev.graft.kernel.train;

import dev.graft.kernel.recipe.ScheduleSection;

/**
 * The learning rate over a run: a linear rise from 0 over the warm-up steps, then what the schedule says.
 *
 * @param schedule the recipe's section
 * @param totalSteps optimizer steps of the run
 * @param layers blocks of the model, for layer-wise decay
 */
public record LearningRate(ScheduleSection schedule, long totalSteps, int layers) {
    /**
     * The rate of a step before layer-wise factors.
     *
     * @param step number of optimizer steps already done
     */
    public double at(long step) {
        double highest = schedule.learningRate();
        long warmup = schedule.warmupSteps() != null
                ? schedule.warmupSteps()
                : Math.round(Math.ceil(schedule.warmupRatio() * totalSteps));
        if (step < warmup) {
            return highest * step / warmup;
        }
        double done = totalSteps <= warmup ? 1 : Math.min(1, (double) (step - warmup) / (totalSteps - warmup));
        double lowest = schedule.minRatio();
        return highest
                * switch (schedule.kind()) {
                    case CONSTANT -> 1;
                    case LINEAR -> lowest + (1 - lowest) * (1 - done);
                    case COSINE -> lowest + (1 - lowest) * 0.5 * (1 + Math.cos(Math.PI * done));
                };
    }

    /**
     * Factor on the rate of a parameter: {@code decay^(L + 1 - depth)}, where embeddings have depth 0, block
     * {@code l} has depth {@code l + 1} and the head has depth {@code L + 1} (Clark et al. 2020, ELECTRA, with the head
     * counted as a layer of its own).
     *
     * @param layer the parameter's layer, as its specification says
     */
    public double factor(int layer) {
        if (schedule.layerDecay() == 1) {
            return 1;
        }
        int depth = layer < 0 ? 0 : Math.min(layer, layers) + 1;
        return Math.pow(schedule.layerDecay(), layers + 1.0 - depth);
    }
}
