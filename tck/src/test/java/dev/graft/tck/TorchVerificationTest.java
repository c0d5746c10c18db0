package dev.graft.tck;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.tck.junit.EngineVerification;

class TorchVerificationTest extends EngineVerification {
    @Override
    protected EngineProvider<?> engine() {
        return new ServiceLoaderHost(getClass().getClassLoader()).registry().engine("torch");
    }
}
