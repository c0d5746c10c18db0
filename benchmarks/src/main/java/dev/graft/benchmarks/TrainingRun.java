package dev.graft.benchmarks;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.TrainingEvent;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run that ended.
 *
 * @param recipe what was run
 * @param events all that happened
 */
record TrainingRun(Recipe recipe, List<TrainingEvent> events) {
    private static final int WARM_UP_STEPS = 5;

    /** Copies the list. */
    TrainingRun {
        events = List.copyOf(events);
    }

    TrainingEvent.Started started() {
        return of(TrainingEvent.Started.class).findFirst().orElseThrow();
    }

    TrainingEvent.Finished finished() {
        return of(TrainingEvent.Finished.class).findFirst().orElseThrow();
    }

    /** The median over all steps but the first few. */
    double secondsOfAStep() {
        return Clock.median(of(TrainingEvent.Stepped.class)
                .skip(WARM_UP_STEPS)
                .mapToDouble(TrainingEvent.Stepped::seconds)
                .toArray());
    }

    /** That of the last evaluation, whichever evaluation was best; null where an objective has none. */
    Double accuracy() {
        return of(TrainingEvent.Evaluated.class)
                .reduce((earlier, later) -> later)
                .map(last -> last.figures().get("accuracy"))
                .orElse(null);
    }

    private <T extends TrainingEvent> Stream<T> of(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }
}
