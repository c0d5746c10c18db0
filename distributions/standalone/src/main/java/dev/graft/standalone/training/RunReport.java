package dev.graft.standalone.training;

import dev.graft.kernel.train.TrainingEvent;
import java.util.function.Consumer;

/** Shows a run to whoever started it. */
interface RunReport extends Consumer<TrainingEvent> {
    /** Shows a sentence that is no event. */
    void note(String sentence);

    /** Leaves the console as it should be for what comes next. */
    void end();
}
