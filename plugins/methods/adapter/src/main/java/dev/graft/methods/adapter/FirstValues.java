package dev.graft.methods.adapter;

import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;

/**
 * Draws the first values of an adapter's matrices.
 *
 * @param scheme {@code bert}, {@code mam_adapter} or {@code houlsby}
 * @param seed the stream of numbers to draw from instead of the run's, or null
 */
record FirstValues(String scheme, RandomStream seed) {
    private static final double BERT_DEVIATION = 0.02;
    private static final double HOULSBY_DEVIATION = 0.01;
    private static final int BOUND = 2;

    static FirstValues of(AdapterConfig config) {
        return new FirstValues(
                config.initWeights(),
                config.initWeightsSeed() == null ? null : RandomStream.seeded(config.initWeightsSeed()));
    }

    /** The matrix into the bottleneck. */
    Initializer down() {
        return seeded(
                switch (scheme) {
                    case "mam_adapter" -> Initializer.kaimingUniform();
                    case "houlsby" -> truncatedNormal();
                    default -> Initializer.normal(BERT_DEVIATION);
                });
    }

    /** The matrix out of it. */
    Initializer up() {
        return seeded(
                switch (scheme) {
                    case "mam_adapter" -> Initializer.constant(0);
                    case "houlsby" -> truncatedNormal();
                    default -> Initializer.normal(BERT_DEVIATION);
                });
    }

    /** The gate's vector, which AdapterHub leaves as torch draws it under {@code houlsby}. */
    Initializer gate() {
        return seeded(scheme.equals("houlsby") ? Initializer.kaimingUniform() : Initializer.normal(BERT_DEVIATION));
    }

    private Initializer seeded(Initializer initializer) {
        return seed == null
                ? initializer
                : (tensors, shape, dtype, random) -> initializer.create(tensors, shape, dtype, seed);
    }

    /** Normal, with draws further than two deviations from 0 drawn again. */
    private static Initializer truncatedNormal() {
        return (tensors, shape, dtype, random) -> {
            double[] values = new double[Math.toIntExact(shape.elements())];
            for (int i = 0; i < values.length; i++) {
                double draw;
                do {
                    draw = normal(random);
                } while (Math.abs(draw) > BOUND);
                values[i] = draw * HOULSBY_DEVIATION;
            }
            return tensors.of(values, shape).cast(dtype);
        };
    }

    /** A standard normal number (Box and Muller 1958). */
    private static double normal(RandomStream random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
