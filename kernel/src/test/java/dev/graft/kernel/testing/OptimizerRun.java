package dev.graft.kernel.testing;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.optimizer.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One parameter {@code [2, 3]} that is updated along gradients which change in size and sign: those of row 0 are
 * {@code sin(1 + i + 3 k) / (1 + k)^2} at column {@code i} and step {@code k}, those of row 1
 * {@code cos(2 i - k) (k + 1)}.
 */
public final class OptimizerRun implements AutoCloseable {
    private static final float[] START = {0.5f, -1.25f, 2f, 0f, 3.5f, -0.75f};
    private final Engine engine;
    private final Array parameter;
    private int step;

    /** A parameter at its start. */
    public OptimizerRun(Engine engine) {
        this.engine = engine;
        this.parameter = engine.of(START, Shape.of(2, 3));
    }

    /** The gradient of a step. */
    public static float[] gradient(int step) {
        float[] gradient = new float[START.length];
        for (int i = 0; i < 3; i++) {
            gradient[i] = (float) (Math.sin(1.0 + i + 3 * step) / Math.pow(1 + step, 2));
            gradient[3 + i] = (float) (Math.cos(2.0 * i - step) * (step + 1));
        }
        return gradient;
    }

    /** Where the parameter starts. */
    public static float[] start() {
        return START.clone();
    }

    /** Takes steps; the parameter is called {@code w}. */
    public OptimizerRun steps(Optimizer optimizer, int count, double rate, boolean decay) {
        for (int i = 0; i < count; i++, step++) {
            try (Array gradient = engine.of(gradient(step), Shape.of(2, 3))) {
                optimizer.step(engine, List.of(new Optimizer.Update("w", parameter, gradient, rate, decay)));
            }
        }
        return this;
    }

    /** The parameter's elements. */
    public float[] values() {
        return floats(parameter);
    }

    /** Hands an optimizer's state to another one, as resuming a run does. */
    public void hand(Optimizer from, Optimizer to) {
        Map<String, Array> copies = new HashMap<>();
        from.state().forEach((name, array) -> copies.put(name, engine.copy(array)));
        to.restore(copies, from.counters());
    }

    private float[] floats(Array array) {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) array.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, bytes);
        float[] values = new float[(int) array.shape().elements()];
        bytes.rewind().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        parameter.close();
    }
}
