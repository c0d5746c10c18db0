package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Shows attachments the squared gradients of single examples, for those that ask for them. */
public final class Calibrator {
    private final List<AttachedAdapter> adapters;
    private final List<Learning.Portion> examples;
    private final long seed;
    private final GraftTensors tensors;

    /**
     * A calibrator for a run. An attachment looks at examples of the tasks that it serves.
     *
     * @param examples training examples of a task, one to a batch
     */
    static Calibrator of(Workshop workshop, Function<RunTask, List<HostBatch>> examples) {
        List<Learning.Portion> all = new ArrayList<>();
        for (RunTask task : workshop.tasks()) {
            Learning learning = workshop.learning(task);
            examples.apply(task).forEach(example -> all.add(new Learning.Portion(learning, example::toBatch)));
        }
        return new Calibrator(
                workshop.model().tensors(),
                workshop.adapters(),
                all,
                workshop.recipe().training().seed());
    }

    /**
     * A calibrator.
     *
     * @param examples one to a batch, each made inside the scope it is freed with
     * @param seed decides which examples are looked at and which answers are drawn
     * @throws ConfigurationException if an adapter wants answers drawn from a model whose objective cannot draw any
     */
    public Calibrator(
            LoadedModel model,
            List<AttachedAdapter> adapters,
            Objective objective,
            List<Function<Tensors, Batch>> examples,
            long seed) {
        this(model.tensors(), adapters, portions(Learning.alone(model, adapters, objective), examples), seed);
    }

    private Calibrator(
            GraftTensors tensors, List<AttachedAdapter> adapters, List<Learning.Portion> examples, long seed) {
        this.adapters = List.copyOf(adapters);
        this.examples = List.copyOf(examples);
        this.seed = seed;
        this.tensors = tensors;
        for (AttachedAdapter adapter : this.adapters) {
            wanted(adapter)
                    .filter(calibration -> cannotDraw(adapter, calibration))
                    .ifPresent(calibration -> {
                        throw new ConfigurationException("method '" + adapter.name()
                                + "' asks for the Fisher information of answers drawn from the model, but this objective has no"
                                + " distribution to draw them from; use the answers of the data");
                    });
        }
    }

    private static List<Learning.Portion> portions(Learning learning, List<Function<Tensors, Batch>> examples) {
        return examples.stream()
                .map(example -> new Learning.Portion(learning, example))
                .toList();
    }

    private boolean cannotDraw(AttachedAdapter adapter, Calibration calibration) {
        return calibration.labels() == Calibration.Labels.MODEL
                && examples(adapter).stream()
                        .anyMatch(example -> !example.learning().objective().samples());
    }

    /** The examples of the tasks that an adapter serves. */
    private List<Learning.Portion> examples(AttachedAdapter adapter) {
        return examples.stream()
                .filter(example -> example.learning().adapters().contains(adapter))
                .toList();
    }

    private static Optional<Calibration> wanted(AttachedAdapter adapter) {
        return adapter.learns() ? adapter.attachment().calibration() : Optional.empty();
    }

    /** Serves every attachment that wants to look now. */
    public void run(Calibration.When now) {
        for (AttachedAdapter adapter : adapters) {
            Optional<Calibration> wanted = wanted(adapter);
            if (wanted.isPresent() && wanted.get().when() == now) {
                show(adapter, wanted.get());
            }
        }
    }

    private void show(AttachedAdapter adapter, Calibration wanted) {
        List<Parameter> parameters = wanted.parameters();
        parameters.forEach(parameter -> adapter.freeze(parameter, false));
        List<Learning.Portion> chosen = chosen(examples(adapter), wanted.examples());
        RandomStream random = RandomStream.seeded(seed).fork("calibration answers");
        Array[] sums = new Array[parameters.size()];
        try (Scope scope = tensors.scope()) {
            for (Learning.Portion example : chosen) {
                add(example, wanted, random, sums);
            }
            Map<Parameter, Tensor> squares = new LinkedHashMap<>();
            for (int i = 0; i < sums.length; i++) {
                Parameter parameter = parameters.get(i);
                Tensor sum = sums[i] == null
                        ? tensors.zeros(
                                parameter.spec().shape(), parameter.tensor().dtype())
                        : tensors.wrap(sums[i]);
                sums[i] = null;
                squares.put(parameter, sum.mul(1.0 / Math.max(1, chosen.size())));
            }
            tensors.withoutGradient(() -> {
                adapter.attachment().calibrated(squares);
                return null;
            });
        } finally {
            for (Array sum : sums) {
                if (sum != null) {
                    sum.close();
                }
            }
        }
    }

    /** So many examples without repetition, all in their order where there are not more. */
    private List<Learning.Portion> chosen(List<Learning.Portion> all, int count) {
        if (count >= all.size()) {
            return all;
        }
        List<Learning.Portion> drawn = new ArrayList<>(all);
        RandomStream random = RandomStream.seeded(seed).fork("calibration examples");
        for (int i = 0; i < count; i++) {
            Collections.swap(drawn, i, i + random.nextInt(drawn.size() - i));
        }
        return drawn.subList(0, count);
    }

    private void add(Learning.Portion example, Calibration wanted, RandomStream random, Array[] sums) {
        Engine engine = tensors.engine();
        Learning learning = example.learning();
        Objective objective = learning.objective();
        ModelRunner runner =
                new ModelRunner(learning.model(), RowAssignment.all(learning.adapters()), PassOptions.inference());
        try (Scope scope = tensors.scope()) {
            Batch batch = example.batch().apply(tensors);
            Loss loss = wanted.labels() == Calibration.Labels.MODEL
                    ? objective.sampledLoss(runner, batch, random)
                    : objective.loss(runner, batch);
            if (loss.weight() == 0) {
                return;
            }
            List<Tensor> leaves = new ArrayList<>();
            wanted.parameters().forEach(parameter -> leaves.add(parameter.tensor()));
            try (Gradients gradients = tensors.backward(loss.sum().mul(1 / loss.weight()), leaves)) {
                for (int i = 0; i < sums.length; i++) {
                    Array gradient = gradients.get(leaves.get(i));
                    if (gradient == null) {
                        continue;
                    }
                    Array square = engine.unary(Unary.SQUARE, gradient);
                    if (sums[i] == null) {
                        sums[i] = square;
                    } else {
                        engine.addInPlace(sums[i], square, 1);
                        square.close();
                    }
                }
            }
        }
    }
}
