package dev.graft.spi.optimizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import java.util.List;
import java.util.Map;

/** Changes parameters along their gradients. Owns its state arrays until closed. */
public interface Optimizer extends AutoCloseable {
    /**
     * One parameter to update.
     *
     * @param name unique name, the same in every step and after resuming
     * @param value overwritten in place
     * @param gradient same shape and dtype; not changed
     * @param learningRate step size after schedule and layer-wise factors
     * @param decay whether weight decay applies
     */
    record Update(String name, Array value, Array gradient, double learningRate, boolean decay) {}

    /**
     * One step. Parameters may be absent from a step and come back later.
     *
     * <p>It MUST descend (rule 12.01), the same way every time, to the bit (rule 12.07). It MUST NOT change a
     * gradient (rule 12.03). A parameter that is absent MUST keep its value, and go on later as if there had been no
     * such step (rule 12.04); one MUST NOT influence another (rule 12.06). At a learning rate of 0 values MUST stay
     * (rule 12.08), and so MUST what is out of reach of decay and has never had a gradient but 0 (rule 12.09).
     */
    void step(Engine engine, List<Update> updates);

    /** Everything needed to go on after {@link #restore}; arrays stay owned by the optimizer. */
    Map<String, Array> state();

    /** Counters that belong to the state, for instance the step of each parameter. */
    Map<String, Long> counters();

    /**
     * Takes over a saved state, arrays included.
     *
     * <p>A fresh optimizer MUST go on from it to the same values, to the bit (rule 12.02).
     */
    void restore(Map<String, Array> state, Map<String, Long> counters);

    /**
     * Frees the state arrays.
     *
     * <p>As many arrays MUST be alive afterwards as before the first step (rule 12.05).
     */
    @Override
    void close();
}
