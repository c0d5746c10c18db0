package dev.graft.optimizers.sgd;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.optimizer.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stochastic gradient descent with momentum (Sutskever et al. 2013), as torch defines it: {@code g += decay w;
 * b = momentum b + (1 - dampening) g}, where the first b is g; {@code w -= rate (nesterov ? g + momentum b : b)}.
 */
final class Sgd implements Optimizer {
    private static final String DIRECTION = "momentum_buffer.";

    private final SgdConfig config;
    private final Map<String, Array> directions = new TreeMap<>();

    Sgd(SgdConfig config) {
        this.config = config;
    }

    @Override
    public void step(Engine engine, List<Update> updates) {
        for (Update update : updates) {
            try (Array gradient = engine.copy(update.gradient())) {
                if (update.decay() && config.weightDecay() != 0) {
                    engine.addInPlace(gradient, update.value(), config.weightDecay());
                }
                engine.addInPlace(update.value(), directed(engine, update.name(), gradient), -update.learningRate());
            }
        }
    }

    private Array directed(Engine engine, String name, Array gradient) {
        if (config.momentum() == 0) {
            return gradient;
        }
        Array direction = directions.get(DIRECTION + name);
        if (direction == null) {
            direction = engine.copy(gradient);
            directions.put(DIRECTION + name, direction);
        } else {
            engine.scaleInPlace(direction, config.momentum());
            engine.addInPlace(direction, gradient, 1 - config.dampening());
        }
        if (!config.nesterov()) {
            return direction;
        }
        engine.addInPlace(gradient, direction, config.momentum());
        return gradient;
    }

    @Override
    public Map<String, Array> state() {
        return Map.copyOf(directions);
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }

    @Override
    public void restore(Map<String, Array> state, Map<String, Long> counters) {
        close();
        directions.putAll(state);
    }

    @Override
    public void close() {
        directions.values().forEach(Array::close);
        directions.clear();
    }
}
