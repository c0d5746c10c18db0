package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
    private static final String FAILURE = "out of memory";

    private final HostEngine host = new HostEngine();
    private long callsLeft = Long.MAX_VALUE;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whicheverOperationFailsNothingIsLeft(boolean checkpointing) {
        GraftTensors tensors = new GraftTensors(failing());
        try (SmallNetwork network = new SmallNetwork(tensors, 2, 1, checkpointing)) {
            long before = host.liveArrays();
            int failures = 0;
            boolean failed = true;
            while (failed) {
                callsLeft = failures;
                try (Scope scope = tensors.scope();
                        Gradients gradients =
                                tensors.backward(network.loss(RandomStream.seeded(1)), network.leaves())) {
                    assertThat(gradients.get(network.leaves().get(0))).isNotNull();
                    failed = false;
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage(FAILURE);
                    failures++;
                }
                assertThat(host.liveArrays())
                        .as("live arrays after failure at call %d", failures)
                        .isEqualTo(before);
            }
            assertThat(failures).isGreaterThan(60);
            callsLeft = Long.MAX_VALUE;
        }
    }

    private Engine failing() {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (callsLeft-- == 0) {
                        throw new IllegalStateException(FAILURE);
                    }
                    try {
                        return method.invoke(host, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
