package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Compares gradients through a whole model with central differences, in double precision. */
public final class GradientChecks {
    private static final double STEP = 1e-5;
    private static final int ELEMENTS = 2;

    private GradientChecks() {}

    /** The gradient of a weight agrees with differences at some of its elements. */
    public static void gradientAgreesWithDifferences(Bench bench, LoadedModel model, Tokens tokens, Weight weight) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting("check", RandomStream.seeded(1), DType.FLOAT64, null, null, "");
        AttachedAdapter adapter = AdapterBuilder.attach(model, new Replacement(weight), new NoOptions(), setting);
        try {
            gradientAgreesWithDifferences(
                    bench,
                    model,
                    tokens,
                    adapter,
                    adapter.attachment().parameters().get(0));
        } finally {
            adapter.release();
        }
    }

    /** The gradient of an adapter's parameter, in double precision, agrees with differences at some of its elements. */
    public static void gradientAgreesWithDifferences(
            Bench bench, LoadedModel model, Tokens tokens, AttachedAdapter adapter, Parameter parameter) {
        Engine engine = bench.engine();
        Array values = adapter.array(parameter);
        double[] gradient = gradient(bench, model, tokens, adapter, parameter);
        RandomStream random = RandomStream.seeded(7);
        for (int i = 0; i < ELEMENTS; i++) {
            int element = largestOf(gradient, random);
            double before = read(engine, values, element);
            write(engine, values, element, before + STEP);
            double above = loss(bench, model, tokens, adapter);
            write(engine, values, element, before - STEP);
            double below = loss(bench, model, tokens, adapter);
            write(engine, values, element, before);
            double difference = (above - below) / (2 * STEP);
            assertThat(gradient[element])
                    .as("%s, element %d", parameter.name(), element)
                    .isNotZero()
                    .isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
        }
    }

    /** One of a few random elements, the one with the largest gradient, so that rows nobody looked up are not taken. */
    private static int largestOf(double[] gradient, RandomStream random) {
        int best = random.nextInt(gradient.length);
        for (int i = 0; i < 50; i++) {
            int other = random.nextInt(gradient.length);
            best = Math.abs(gradient[other]) > Math.abs(gradient[best]) ? other : best;
        }
        return best;
    }

    private static double[] gradient(
            Bench bench, LoadedModel model, Tokens tokens, AttachedAdapter adapter, Parameter parameter) {
        try (Scope scope = bench.tensors().scope();
                Gradients gradients = bench.tensors()
                        .backward(lossTensor(bench, model, tokens, adapter), List.of(parameter.tensor()))) {
            Array gradient = gradients.get(parameter.tensor());
            ByteBuffer bytes = ByteBuffer.allocateDirect(
                            Math.toIntExact(gradient.shape().elements()) * Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            bench.engine().read(gradient, 0, bytes);
            bytes.rewind();
            double[] values = new double[bytes.capacity() / Double.BYTES];
            bytes.asDoubleBuffer().get(values);
            return values;
        }
    }

    private static double loss(Bench bench, LoadedModel model, Tokens tokens, AttachedAdapter adapter) {
        try (Scope scope = bench.tensors().scope()) {
            return lossTensor(bench, model, tokens, adapter).item();
        }
    }

    /** The logits weighted with fixed numbers, so that every one of them counts and none cancels another. */
    private static Tensor lossTensor(Bench bench, LoadedModel model, Tokens tokens, AttachedAdapter adapter) {
        Tensor logits = model.forward(
                        bench.input(tokens.ids(), tokens.mask()),
                        RowAssignment.all(List.of(adapter)),
                        PassOptions.inference())
                .logits();
        double[] weights = new double[Math.toIntExact(logits.shape().elements())];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.sin(i + 1);
        }
        return logits.mul(bench.tensors().of(weights, logits.shape())).sum();
    }

    private static double read(Engine engine, Array array, int element) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, (long) element * Double.BYTES, bytes);
        return bytes.getDouble(0);
    }

    private static void write(Engine engine, Array array, int element, double value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(0, value);
        engine.write(array, (long) element * Double.BYTES, bytes);
    }
}
