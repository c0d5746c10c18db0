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

    /** One step. Parameters may be absent from a step and come back later. */
    void step(Engine engine, List<Update> updates);

    /** Everything needed to go on after {@link #restore}; arrays stay owned by the optimizer. */
    Map<String, Array> state();

    /** Counters that belong to the state, for instance the step of each parameter. */
    Map<String, Long> counters();

    /** Takes over a saved state, arrays included. */
    void restore(Map<String, Array> state, Map<String, Long> counters);

    /** Frees the state arrays. */
    @Override
    void close();
}
