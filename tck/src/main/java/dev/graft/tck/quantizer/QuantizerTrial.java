package dev.graft.tck.quantizer;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.quantizer.Quantizer;
import dev.graft.spi.quantizer.Quantizer.Quantized;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Doubles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A quantizer with one configuration.
 *
 * @param engine what it computes on
 * @param seed what all random numbers come from
 * @param quantizer makes a fresh one
 * @param tried configuration and what its author says about it
 */
public record QuantizerTrial(
        Engine engine, long seed, Supplier<Quantizer> quantizer, QuantizerDeclaration.Tried tried) {
    /** Rows and columns of the weight that most rules are tried on. */
    static final Shape SHAPE = Shape.of(48, 64);

    private static final double DEVIATION = 0.05;

    /** The trials of a declaration. */
    public static <C extends Record> List<QuantizerTrial> of(
            Engine engine, long seed, QuantizerProvider<C> provider, QuantizerDeclaration declaration) {
        return declaration.tried().stream()
                .map(tried -> new QuantizerTrial(
                        engine,
                        seed,
                        () -> provider.create(
                                ConfigurationBinder.bind(provider.configuration(), tried.keys(), "quantizer")),
                        tried))
                .toList();
    }

    /** Whether the quantizer has a capability in this setting. */
    boolean can(QuantizerCapability capability) {
        return tried.cannot().stream().map(QuantizerCapability::named).noneMatch(capability::equals);
    }

    /** A weight of random numbers, the same for the same shape; closed by the caller. */
    Array weight(Shape shape, DType dtype) {
        try (Array drawn = engine.normal(
                shape, DType.FLOAT32, RandomStream.seeded(seed).fork("weight").next())) {
            engine.scaleInPlace(drawn, DEVIATION);
            return engine.cast(drawn, dtype);
        }
    }

    /** A weight in single precision of which some numbers are others; closed by the caller. */
    Array changed(Shape shape, Map<Integer, Float> numbers) {
        try (Array drawn = weight(shape, DType.FLOAT32)) {
            float[] values = floats(drawn);
            numbers.forEach((at, number) -> values[at] = number);
            return engine.of(values, shape);
        }
    }

    /** The largest number, without its sign, among those that share a scale with one. */
    double[] largest(double[] values, Shape shape) {
        int size = switch (tried.scales()) {
            case WEIGHT -> values.length;
            case ROW -> shape.rank() == 0 || shape.size(0) == 0 ? values.length : (int) (values.length / shape.size(0));
            case BLOCK -> tried.block();
        };
        double[] largest = new double[values.length];
        for (int from = 0; from < values.length; from += size) {
            double most = 0;
            int to = Math.min(values.length, from + size);
            for (int i = from; i < to; i++) {
                most = Math.max(most, Math.abs(values[i]));
            }
            for (int i = from; i < to; i++) {
                largest[i] = most;
            }
        }
        return largest;
    }

    /** What a quantised weight stands for. */
    double[] values(Quantizer made, Quantized weight) {
        try (Array values = made.dequantize(engine, weight, DType.FLOAT32)) {
            return Doubles.of(engine, values);
        }
    }

    /** The elements of all parts by name. */
    Map<String, float[]> parts(Quantized weight) {
        Map<String, float[]> parts = new TreeMap<>();
        weight.parts().forEach((name, part) -> parts.put(name, floats(part)));
        return parts;
    }

    float[] floats(Array array) {
        double[] wide = Doubles.of(engine, array);
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    /** Closes the parts of a weight. */
    static void close(Quantized weight) {
        weight.parts().values().forEach(Array::close);
    }

    @Override
    public String toString() {
        return tried.keys().isEmpty() ? "no keys" : tried.keys().toString();
    }
}
