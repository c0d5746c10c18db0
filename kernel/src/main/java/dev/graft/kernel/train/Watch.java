package dev.graft.kernel.train;

import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.spi.config.ConfigurationException;
import java.util.Map;

/** Watches one figure over evaluations: which was best, and whether to stop. */
final class Watch {
    private final TrainingSection.EarlyStopping stopping;
    private double best;
    private int worse;

    Watch(TrainingSection section, RunState state) {
        this.stopping = section.earlyStopping() != null
                ? section.earlyStopping()
                : new TrainingSection.EarlyStopping(Integer.MAX_VALUE, "loss", false, 0);
        this.best = state.best();
        this.worse = state.worse();
    }

    /** Takes an evaluation in; whether it is the best so far. A figure that is not finite never is. */
    boolean improved(Map<String, Double> figures) {
        Double figure = figures.get(stopping.metric());
        if (figure == null) {
            throw new ConfigurationException("training.early_stopping.metric is '" + stopping.metric()
                    + "', but evaluation gives " + figures.keySet());
        }
        if (!Double.isFinite(figure)) {
            worse++;
            return false;
        }
        double gain = stopping.higherIsBetter() ? figure - best : best - figure;
        if (Double.isNaN(best) || gain > stopping.minImprovement()) {
            best = figure;
            worse = 0;
            return true;
        }
        worse++;
        return false;
    }

    boolean exhausted() {
        return worse >= stopping.patience();
    }

    double best() {
        return best;
    }

    int worse() {
        return worse;
    }
}
