package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention.Rules;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses.CrossEntropy;
import dev.graft.spi.engine.Normalization.Gradients;
import dev.graft.spi.engine.Normalization.Normalized;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TorchEngineTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @Test
    void theProviderIsFoundAndStartsAnEngine() {
        EngineProvider<?> provider = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.id().equals("torch"))
                .findFirst()
                .orElseThrow();
        assertThat(provider.configuration()).isEqualTo(TorchOptions.class);
        try (Engine started = new TorchEngineProvider().create(new TorchOptions(2, TorchOptions.Blas.AUTO))) {
            assertThat(started.id()).isEqualTo("torch");
            assertThat(started.describe()).startsWith("libtorch").contains("2 threads");
        }
    }

    @Test
    void liveBytesFollowHandles() {
        try (Array x = engine.full(Shape.of(4, 4), DType.FLOAT32, 1);
                Array half = engine.slice(x, 0, 0, 2)) {
            assertThat(half.isClosed()).isFalse();
            assertThat(engine.liveArrays()).isEqualTo(2);
            assertThat(engine.liveBytes()).isEqualTo(64 + 32);
        }
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @Test
    void intermediateResultsLeaveNoNativeMemoryBehind() {
        try (Array x = engine.normal(Shape.of(128, 128), DType.BFLOAT16, 1);
                Array heads = engine.normal(Shape.of(1, 2, 16, 8), DType.BFLOAT16, 2);
                Array labels = engine.full(Shape.of(128), DType.INT64, 3);
                Array ones = engine.full(Shape.of(128), DType.FLOAT32, 1);
                FrozenMatrix frozen = engine.freeze(x, false)) {
            everything(50, x, heads, labels, ones, frozen);
            long before = Pointer.physicalBytes();
            everything(1000, x, heads, labels, ones, frozen);
            // One forgotten 128 x 128 result per round would come to 32 MB; the Java heap grows by some too.
            assertThat(Pointer.physicalBytes() - before).isLessThan(16L << 20);
        }
    }

    private void everything(int rounds, Array x, Array heads, Array labels, Array ones, FrozenMatrix frozen) {
        for (int i = 0; i < rounds; i++) {
            engine.linear(x, frozen, null).close();
            engine.linearInputGradient(x, frozen).close();
            for (Array part : engine.gatedSiluBackward(x, x, x)) {
                part.close();
            }
            Normalized norm = engine.rmsNorm(x, null, 1e-6);
            Gradients gradients = engine.rmsNormBackward(x, x, null, norm, true, false);
            List.of(norm.output(), norm.inverseDeviation(), gradients.input()).forEach(Array::close);
            Rules rules = new Rules(1, true, null, null);
            var attended = engine.attention(heads, heads, heads, rules, true);
            var back = engine.attentionBackward(heads, heads, heads, heads, rules, attended, false);
            List.of(attended.output(), attended.saved(), back.query(), back.key(), back.value())
                    .forEach(Array::close);
            CrossEntropy loss = engine.linearCrossEntropy(x, frozen, null, labels, true);
            engine.linearCrossEntropyBackward(ones, loss).close();
            List.of(loss.losses(), loss.saved()).forEach(Array::close);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryBetweenArraysGoesBackToTheSystemAndArraysStayAsTheyAre() {
        Grid values = Grid.random(1, 100, 100);
        List<Array> kept = new ArrayList<>();
        List<Array> freed = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            kept.add(values.to(engine));
            freed.add(values.to(engine));
        }
        freed.forEach(Array::close);
        long before = Pointer.physicalBytes();
        engine.releaseUnused();
        assertThat(before - Pointer.physicalBytes()).isGreaterThan(40L << 20);
        kept.forEach(array -> Grid.take(engine, array).assertClose(values, 0));
    }

    @Test
    void threadsWorkOnTheirOwnArrays() {
        List<CompletableFuture<Grid>> running = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try (Array x = Grid.random(i, 50, 50).to(engine)) {
                        return Grid.take(engine, engine.unary(Unary.SQUARE, x));
                    }
                }))
                .toList();
        for (int i = 0; i < 4; i++) {
            running.get(i).join().assertClose(Grid.random(i, 50, 50).map(v -> v * v), 1e-12);
        }
        assertThat(engine.liveArrays()).isZero();
    }
}
