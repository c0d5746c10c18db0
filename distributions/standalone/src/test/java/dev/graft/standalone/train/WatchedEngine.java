package dev.graft.standalone.train;

import dev.graft.engines.torch.TorchEngine;
import dev.graft.engines.torch.TorchEngineProvider;
import dev.graft.engines.torch.TorchOptions;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.engine.MeasuringEngine;
import java.util.Optional;

/** The torch engine, of which a test can ask afterwards how much it held at most. */
final class WatchedEngine implements EngineProvider<TorchOptions> {
    private Engine started;

    /** Most bytes that the engine started last held at once. */
    long peakBytes() {
        return started.peakBytes().orElseThrow();
    }

    @Override
    public String id() {
        return "watched";
    }

    @Override
    public String summary() {
        return "torch under observation";
    }

    @Override
    public Class<TorchOptions> configuration() {
        return TorchOptions.class;
    }

    @Override
    public Engine create(TorchOptions configuration) {
        started = TorchEngine.start(configuration);
        return started;
    }

    @Override
    public Optional<MeasuringEngine> measuring(TorchOptions configuration) {
        return new TorchEngineProvider().measuring(configuration);
    }
}
