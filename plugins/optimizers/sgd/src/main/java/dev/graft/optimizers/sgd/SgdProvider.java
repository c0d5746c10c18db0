package dev.graft.optimizers.sgd;

import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;

/** Offers stochastic gradient descent. */
public final class SgdProvider implements OptimizerProvider<SgdConfig> {
    @Override
    public String id() {
        return "sgd";
    }

    @Override
    public String summary() {
        return "Stochastic gradient descent with momentum, with torch's semantics";
    }

    @Override
    public Class<SgdConfig> configuration() {
        return SgdConfig.class;
    }

    @Override
    public Optimizer create(SgdConfig configuration) {
        return new Sgd(configuration);
    }
}
