package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * What every objective must stand, on a model in double precision with an adapter that is not at its beginning.
 *
 * @param bench plugins and engine
 * @param model the model
 * @param adapter what learns; null for the bare base
 */
public record ObjectiveChecks(Bench bench, LoadedModel model, AttachedAdapter adapter) {
    private static final double STEP = 1e-5;

    /** An objective of the class path. */
    public static Objective objective(Bench bench, String id, Map<String, Object> keys) {
        return create(bench.registry().objective(id), keys);
    }

    private static <C extends Record> Objective create(ObjectiveProvider<C> provider, Map<String, Object> keys) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), keys, "objective"));
    }

    /** A new adapter of a method of the class path in double precision. */
    public static AttachedAdapter attach(Bench bench, LoadedModel model, String method, Map<String, Object> keys) {
        return attach(model, bench.registry().method(method), keys);
    }

    private static <C extends Record> AttachedAdapter attach(
            LoadedModel model, MethodProvider<C> provider, Map<String, Object> keys) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting("check", RandomStream.seeded(1), DType.FLOAT64, null, null, "");
        return AdapterBuilder.attach(
                model, provider, ConfigurationBinder.bind(provider.configuration(), keys, "method"), setting);
    }

    /** Runs the model with the adapter, without dropout. */
    public Runner runner() {
        RowAssignment rows = RowAssignment.all(adapter == null ? List.of() : List.of(adapter));
        return new ModelRunner(model, rows, PassOptions.inference());
    }

    /** The sum of the losses of a batch. */
    public double sum(Objective objective, HostBatch batch) {
        try (Scope scope = bench.tensors().scope()) {
            return loss(objective, batch).sum().item();
        }
    }

    private Loss loss(Objective objective, HostBatch batch) {
        return objective.loss(runner(), batch.toBatch(bench.tensors()));
    }

    /** The gradient of the summed loss for each parameter of the adapter. */
    public List<double[]> gradients(Objective objective, HostBatch batch) {
        List<Parameter> parameters = adapter.attachment().parameters();
        List<Tensor> leaves = parameters.stream().map(Parameter::tensor).toList();
        try (Scope scope = bench.tensors().scope();
                Gradients gradients =
                        bench.tensors().backward(loss(objective, batch).sum(), leaves)) {
            return leaves.stream().map(leaf -> doubles(gradients.get(leaf))).toList();
        }
    }

    private double[] doubles(Array array) {
        if (array == null) {
            return new double[0];
        }
        double[] values = new double[Math.toIntExact(array.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(array, i);
        }
        return values;
    }

    /** The gradient of the loss agrees with central differences, for the steepest element of every parameter. */
    public void gradientAgreesWithDifferences(Objective objective, HostBatch batch) {
        List<Parameter> parameters = adapter.attachment().parameters();
        List<double[]> gradients = gradients(objective, batch);
        for (int i = 0; i < parameters.size(); i++) {
            Array values = adapter.array(parameters.get(i));
            double[] gradient = gradients.get(i);
            int element = steepest(gradient);
            double before = read(values, element);
            write(values, element, before + STEP);
            double above = sum(objective, batch);
            write(values, element, before - STEP);
            double below = sum(objective, batch);
            write(values, element, before);
            double difference = (above - below) / (2 * STEP);
            assertThat(gradient[element])
                    .as(parameters.get(i).name())
                    .isNotZero()
                    .isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
        }
    }

    /** Every example has the loss it has alone, whoever shares its batch and however far the batch is padded. */
    public void batchMatesAndPaddingChangeNoLoss(Objective objective, List<Example> examples, double tolerance) {
        double[] alone = new double[examples.size()];
        for (int i = 0; i < alone.length; i++) {
            alone[i] = sum(objective, HostBatch.padded(List.of(examples.get(i)), 0, 1));
            assertThat(sum(objective, HostBatch.padded(List.of(examples.get(i)), 0, 16)))
                    .as("example %d, padded", i)
                    .isCloseTo(alone[i], within(tolerance));
        }
        for (int i = 0; i < alone.length; i++) {
            for (int j = 0; j < alone.length; j++) {
                List<Example> both = List.of(examples.get(i), examples.get(j));
                assertThat(sum(objective, HostBatch.padded(both, 0, 1)))
                        .as("examples %d and %d", i, j)
                        .isCloseTo(alone[i] + alone[j], within(tolerance));
            }
        }
    }

    private static int steepest(double[] gradient) {
        int best = 0;
        for (int i = 1; i < gradient.length; i++) {
            best = Math.abs(gradient[i]) > Math.abs(gradient[best]) ? i : best;
        }
        return best;
    }

    private double read(Array array, int element) {
        Engine engine = bench.engine();
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, (long) element * Double.BYTES, bytes);
        return bytes.getDouble(0);
    }

    private void write(Array array, int element, double value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(0, value);
        bench.engine().write(array, (long) element * Double.BYTES, bytes);
    }
}
