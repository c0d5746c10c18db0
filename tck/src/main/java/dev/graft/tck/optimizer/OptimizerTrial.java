package dev.graft.tck.optimizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.tck.bench.Doubles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An optimizer with one configuration, on two parameters {@code [2, 3]} and {@code [4]}.
 *
 * @param engine what it computes on
 * @param optimizer makes a fresh one
 * @param name what reports call the configuration
 */
public record OptimizerTrial(Engine engine, Supplier<Optimizer> optimizer, String name) {
    static final double RATE = 0.05;
    static final List<Shape> SHAPES = List.of(Shape.of(2, 3), Shape.of(4));

    /** Parameters at their start; closed by the caller. */
    List<Array> start() {
        List<Array> parameters = new ArrayList<>();
        for (Shape shape : SHAPES) {
            float[] values = new float[Math.toIntExact(shape.elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (2 * Math.sin(1 + i + values.length));
            }
            parameters.add(engine.of(values, shape));
        }
        return parameters;
    }

    /** Gradients that change in size and sign; closed by the caller. */
    Array gradient(int parameter, int step) {
        Shape shape = SHAPES.get(parameter);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(1 + i + 3.0 * step) * (parameter + 1) / (1 + step));
        }
        return engine.of(values, shape);
    }

    /** One update of the parameters that are named. */
    void step(Optimizer optimizer, List<Array> parameters, int step, double rate, int... which) {
        List<Array> gradients = new ArrayList<>();
        List<Optimizer.Update> updates = new ArrayList<>();
        for (int parameter : which) {
            gradients.add(gradient(parameter, step));
            updates.add(new Optimizer.Update(
                    "p" + parameter,
                    parameters.get(parameter),
                    gradients.get(gradients.size() - 1),
                    rate,
                    parameter == 0));
        }
        optimizer.step(engine, updates);
        gradients.forEach(Array::close);
    }

    float[] floats(Array array) {
        double[] wide = Doubles.of(engine, array);
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    @Override
    public String toString() {
        return name;
    }
}
