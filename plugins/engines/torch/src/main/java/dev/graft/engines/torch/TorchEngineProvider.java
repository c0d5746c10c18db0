package dev.graft.engines.torch;

import dev.graft.engines.torch.measuring.MeasuringTorch;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.engine.MeasuringEngine;
import java.util.Optional;

/** Offers libtorch on the CPU. */
public final class TorchEngineProvider implements EngineProvider<TorchOptions> {
    @Override
    public String id() {
        return "torch";
    }

    @Override
    public String summary() {
        return "libtorch on the CPU, with oneDNN for frozen weights and MKL or OpenBLAS for other matrix products";
    }

    @Override
    public Class<TorchOptions> configuration() {
        return TorchOptions.class;
    }

    @Override
    public Engine create(TorchOptions configuration) {
        return TorchEngine.start(configuration);
    }

    @Override
    public Optional<MeasuringEngine> measuring(TorchOptions configuration) {
        return Optional.of(new MeasuringTorch());
    }
}
