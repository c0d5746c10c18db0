package dev.graft.optimizers.adamw;

import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;

/** Offers AdamW. */
public final class AdamWProvider implements OptimizerProvider<AdamWConfig> {
    @Override
    public String id() {
        return "adamw";
    }

    @Override
    public String summary() {
        return "Adam with decoupled weight decay, with torch's semantics";
    }

    @Override
    public Class<AdamWConfig> configuration() {
        return AdamWConfig.class;
    }

    @Override
    public Optimizer create(AdamWConfig configuration) {
        return new AdamW(configuration);
    }
}
