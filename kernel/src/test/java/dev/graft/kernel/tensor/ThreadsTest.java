package dev.graft.kernel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.host.HostEngine;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);

    @Test
    void threadsThatShareWeightsDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SmallNetwork network = new SmallNetwork(tensors, 2, 0, false)) {
            long before = engine.liveArrays();
            List<Callable<Double>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                boolean trains = i % 2 == 0;
                tasks.add(() -> trains ? trained(network) : inferred(network));
            }
            Set<Double> losses = new HashSet<>();
            for (Future<Double> loss : threads.invokeAll(tasks)) {
                losses.add(loss.get());
            }

            assertThat(losses).hasSize(1);
            assertThat(engine.liveArrays()).isEqualTo(before);
        } finally {
            threads.shutdownNow();
        }
    }

    private double trained(SmallNetwork network) {
        try (Scope scope = tensors.scope()) {
            var loss = network.loss(RandomStream.seeded(2));
            tensors.backward(loss, network.leaves()).close();
            return loss.item();
        }
    }

    private double inferred(SmallNetwork network) {
        try (Scope scope = tensors.scope()) {
            return tensors.withoutGradient(() -> network.loss(RandomStream.seeded(2)))
                    .item();
        }
    }
}
