package dev.graft.benchmarks;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the tape costs on top of the engine: {@code sum(silu(x w))} of small matrices and its gradient with respect to
 * {@code w}, by hand on the engine, recorded and walked back on the tape, and run on the tape without recording.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TapeOverhead {
    /** Rows, columns and inner extent of the matrices. */
    @Param({"4", "64"})
    public int size;

    private Engine engine;
    private GraftTensors tensors;
    private Array x;
    private Array w;
    private Tensor leaf;

    /** Starts the engine and draws the matrices. */
    @Setup
    public void start() {
        engine = new PluginInstances(new ServiceLoaderHost(TapeOverhead.class.getClassLoader()).registry())
                .engine(PluginSection.of("torch"));
        tensors = new GraftTensors(engine);
        x = engine.normal(Shape.of(size, size), DType.FLOAT32, 1);
        w = engine.normal(Shape.of(size, size), DType.FLOAT32, 2);
        leaf = tensors.leaf(w);
    }

    /** Frees the matrices. */
    @TearDown
    public void stop() {
        x.close();
        w.close();
        engine.close();
    }

    /** Forward and backward by hand: the floor. */
    @Benchmark
    public long engineByHand() {
        try (Array product = engine.matmul(x, w, false, false);
                Array active = engine.unary(Unary.SILU, product);
                Array sum = engine.reduce(Reduction.SUM, active, new int[] {0, 1}, false);
                Array one = engine.full(Shape.of(), DType.FLOAT32, 1);
                Array ones = engine.expand(one, active.shape());
                Array forProduct = engine.unaryBackward(Unary.SILU, ones, product, active);
                Array forW = engine.matmul(x, forProduct, true, false)) {
            return sum.shape().elements() + forW.shape().elements();
        }
    }

    /** The same recorded and walked back. */
    @Benchmark
    public long tapeForwardAndBackward() {
        try (Scope scope = tensors.scope()) {
            Tensor sum = forward(leaf);
            try (Gradients gradients = tensors.backward(sum, List.of(leaf))) {
                return gradients.get(leaf).shape().elements();
            }
        }
    }

    /** The forward half by hand. */
    @Benchmark
    public long engineForward() {
        try (Array product = engine.matmul(x, w, false, false);
                Array active = engine.unary(Unary.SILU, product);
                Array sum = engine.reduce(Reduction.SUM, active, new int[] {0, 1}, false)) {
            return sum.shape().elements();
        }
    }

    /** The forward half on the tape with nothing to record. */
    @Benchmark
    public long tapeForwardWithoutRecording() {
        try (Scope scope = tensors.scope()) {
            return forward(tensors.constant(w)).shape().elements();
        }
    }

    private Tensor forward(Tensor weight) {
        return tensors.constant(x).matmul(weight).apply(Unary.SILU).reduce(Reduction.SUM, false, 0, 1);
    }

    /** A sum of as many small numbers as wanted, to see the price of one operation in a long recording. */
    @Benchmark
    public long tapeOfAHundredAdditions() {
        try (Scope scope = tensors.scope()) {
            Tensor sum = leaf;
            for (int i = 0; i < 100; i++) {
                sum = sum.apply(Binary.ADD, leaf);
            }
            try (Gradients gradients = tensors.backward(sum.reduce(Reduction.SUM, false, 0, 1), List.of(leaf))) {
                return gradients.get(leaf).shape().elements();
            }
        }
    }
}
