package dev.graft.tck.bench;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Updates;
import dev.graft.spi.optimizer.Optimizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kit's own optimizer, Adam without decay (Kingma and Ba 2015), so that rules for methods need no other plugin. */
public final class Adam implements Optimizer {
    private final Map<String, Array> state = new HashMap<>();
    private final Map<String, Long> steps = new HashMap<>();

    @Override
    public void step(Engine engine, List<Update> updates) {
        for (Update update : updates) {
            long step = steps.merge(update.name(), 1L, Long::sum);
            engine.adamW(
                    update.value(),
                    update.gradient(),
                    moment(engine, "first/", update),
                    moment(engine, "second/", update),
                    new Updates.AdamW(update.learningRate(), 0.9, 0.999, 1e-8, 0, step));
        }
    }

    private Array moment(Engine engine, String prefix, Update update) {
        return state.computeIfAbsent(
                prefix + update.name(),
                name -> engine.full(update.value().shape(), update.value().dtype(), 0));
    }

    @Override
    public Map<String, Array> state() {
        return Map.copyOf(state);
    }

    @Override
    public Map<String, Long> counters() {
        return Map.copyOf(steps);
    }

    @Override
    public void restore(Map<String, Array> saved, Map<String, Long> counters) {
        close();
        state.putAll(saved);
        steps.clear();
        steps.putAll(counters);
    }

    @Override
    public void close() {
        state.values().forEach(Array::close);
        state.clear();
    }
}
