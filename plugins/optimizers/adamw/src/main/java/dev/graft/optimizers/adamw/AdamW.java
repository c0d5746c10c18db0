package dev.graft.optimizers.adamw;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Updates;
import dev.graft.spi.optimizer.Optimizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). Every parameter counts its own steps, so that one
 * unfrozen later is corrected for bias as if it had just begun, as in torch.
 */
final class AdamW implements Optimizer {
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";
    private static final String LARGEST = "max_exp_avg_sq.";

    private final AdamWConfig config;
    private final Map<String, Array> moments = new TreeMap<>();
    private final Map<String, Long> steps = new HashMap<>();

    AdamW(AdamWConfig config) {
        this.config = config;
    }

    @Override
    public void step(Engine engine, List<Update> updates) {
        for (Update update : updates) {
            long step = steps.merge(update.name(), 1L, Long::sum);
            Updates.AdamW settings = new Updates.AdamW(
                    update.learningRate(),
                    config.betas().get(0),
                    config.betas().get(1),
                    config.eps(),
                    update.decay() ? config.weightDecay() : 0,
                    step);
            Array first = moment(engine, FIRST + update.name(), update.value());
            Array second = moment(engine, SECOND + update.name(), update.value());
            if (config.amsgrad()) {
                Array largest = moment(engine, LARGEST + update.name(), update.value());
                new Amsgrad(first, second, largest).step(engine, update.value(), update.gradient(), settings);
            } else {
                engine.adamW(update.value(), update.gradient(), first, second, settings);
            }
        }
    }

    private Array moment(Engine engine, String name, Array like) {
        return moments.computeIfAbsent(name, key -> engine.full(like.shape(), like.dtype(), 0));
    }

    @Override
    public Map<String, Array> state() {
        return Map.copyOf(moments);
    }

    @Override
    public Map<String, Long> counters() {
        return Map.copyOf(steps);
    }

    @Override
    public void restore(Map<String, Array> state, Map<String, Long> counters) {
        close();
        moments.putAll(state);
        steps.putAll(counters);
    }

    @Override
    public void close() {
        moments.values().forEach(Array::close);
        moments.clear();
        steps.clear();
    }
}
