package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.ShiftMethod;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachedAdapterTest {
    private final HostEngine engine = new HostEngine();
    private final LoadedModel model = SmallDecoder.load(new GraftTensors(engine), DType.FLOAT32, 24);

    private AttachedAdapter adapter() {
        return AdapterBuilder.attach(
                model, new ShiftMethod(), new NoOptions(), AdapterBuilder.Setting.fresh("shifted", 3));
    }

    @AfterEach
    void everythingIsFreed() {
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void anAdapterReleasedDuringAGenerationLivesUntilItEnds() {
        AttachedAdapter kept = adapter();
        AttachedAdapter dropped = adapter();
        Generator generator = new Generator(model, null);
        GenerationRequest request =
                new GenerationRequest(new int[] {3, 1}, List.of(dropped), SamplingOptions.greedy(6));
        int[] expected = generator
                .generate(new GenerationRequest(new int[] {3, 1}, List.of(kept), SamplingOptions.greedy(6)))
                .ids();
        AtomicInteger heard = new AtomicInteger();

        int[] ids = generator
                .generate(List.of(request), (row, id, text) -> {
                    if (heard.getAndIncrement() == 1) {
                        dropped.release();
                    }
                    assertThat(dropped.references()).isEqualTo(heard.get() < 2 ? 2 : 1);
                    return true;
                })
                .get(0)
                .ids();

        assertThat(ids).isEqualTo(expected);
        assertThat(dropped.references()).isZero();
        kept.release();
    }

    @Test
    void releasingOnceTooOftenIsAnErrorAndChangesNothing() {
        AttachedAdapter adapter = adapter();
        adapter.retain().release();
        adapter.release();

        assertThatThrownBy(adapter::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("adapter 'shifted' was released more often than retained");
        assertThatThrownBy(adapter::retain)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("adapter 'shifted' was released already");
        assertThat(adapter.references()).isZero();
    }

    @Test
    void aFailedGenerationGivesItsReferencesBack() {
        AttachedAdapter adapter = adapter();
        Generator generator = new Generator(model, null);
        GenerationRequest bad = new GenerationRequest(new int[] {99}, List.of(adapter), SamplingOptions.greedy(2));

        assertThatThrownBy(() -> generator.generate(bad)).hasMessageContaining("token id 99");

        assertThat(adapter.references()).isEqualTo(1);
        adapter.release();
    }

    @Test
    void threadsThatReleaseTooOftenNeverBringAnAdapterBackToLife() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                AttachedAdapter adapter = adapter();
                adapter.release();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> retained = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    boolean retains = thread % 2 == 0;
                    retained.add(threads.submit(() -> {
                        start.await();
                        try {
                            if (retains) {
                                adapter.retain();
                                return true;
                            }
                            adapter.release();
                            return true;
                        } catch (IllegalStateException freed) {
                            return false;
                        }
                    }));
                }
                start.countDown();
                for (Future<Boolean> success : retained) {
                    assertThat(success.get()).isFalse();
                }
                assertThat(adapter.references()).isZero();
            }
        } finally {
            threads.shutdown();
        }
    }
}
