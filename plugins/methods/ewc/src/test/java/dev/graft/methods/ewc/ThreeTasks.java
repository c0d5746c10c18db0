package dev.graft.methods.ewc;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.continual.AccuracyMatrix;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.Calibrator;
import dev.graft.kernel.train.Evaluation;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Three tasks with one head, learned one after the other by a small encoder of random weights: each has words of its own,
 * one half of which mean yes and the other no. Labels are smoothed, so that the model does not become so sure of its
 * answers that no Fisher information is left. What is learned goes through files from task to task.
 */
final class ThreeTasks {
    private static final int TASKS = 3;
    private static final int WORDS = 8;
    private static final int LENGTH = 6;
    private static final int TRAIN = 64;
    private static final int TEST = 60;
    private static final int BATCH = 16;
    private static final double RATE = 0.006;

    private final Bench bench;
    private final LoadedModel model;
    private final long seed;
    private final int steps;
    private final Objective objective;

    /** Tasks for a model, which stays the caller's. */
    ThreeTasks(Bench bench, LoadedModel model, long seed, int steps) {
        this.bench = bench;
        this.model = model;
        this.seed = seed;
        this.steps = steps;
        this.objective = new PluginInstances(bench.registry())
                .objective(new PluginSection("classification", Map.of("label_smoothing", 0.1)));
    }

    /** A model whose weights are drawn from a seed. */
    static LoadedModel model(Bench bench, long seed) {
        SmallModel wider = SmallModel.bertClassifier().with(Map.of("intermediate_size", 64));
        return bench.random(wider.config(), Task.SEQ_CLS, 2, seed);
    }

    /** The objective. */
    Objective objective() {
        return objective;
    }

    /** Attaches fresh LoRA, and EWC behind it unless its keys are null. */
    List<AttachedAdapter> fresh(Map<String, Object> ewc) {
        List<AttachedAdapter> adapters = new ArrayList<>();
        adapters.add(attach("lora", Map.of("r", 4, "lora_alpha", 8, "target_modules", "all-linear"), List.of()));
        if (ewc != null) {
            adapters.add(attach("ewc", ewc, adapters));
        }
        return adapters;
    }

    private AttachedAdapter attach(String id, Map<String, Object> keys, List<AttachedAdapter> below) {
        return attach(bench.registry().method(id), keys, below);
    }

    private <C extends Record> AttachedAdapter attach(
            MethodProvider<C> method, Map<String, Object> keys, List<AttachedAdapter> below) {
        C configuration = ConfigurationBinder.bind(method.configuration(), keys, method.id());
        AdapterBuilder.Setting setting = AdapterBuilder.Setting.fresh(method.id(), seed);
        return AdapterBuilder.attach(model, method, configuration, setting.over(below, List.of()));
    }

    /** Learns all tasks and tells how well each is done after each. */
    AccuracyMatrix learn(Path directory, Map<String, Object> ewc) {
        AdapterLoader loader = new AdapterLoader(bench.registry());
        double[][] values = new double[TASKS][TASKS];
        List<AttachedAdapter> adapters = fresh(ewc);
        for (int task = 0; task < TASKS; task++) {
            learn(adapters, task);
            for (int other = 0; other < TASKS; other++) {
                values[task][other] = accuracy(adapters, other);
            }
            if (task + 1 < TASKS) {
                calibrate(adapters, task);
                Path saved = directory.resolve("task" + task);
                loader.save(saved, "base", model, adapters);
                adapters.forEach(AttachedAdapter::release);
                adapters = loader.load(saved, model);
            }
        }
        adapters.forEach(AttachedAdapter::release);
        return new AccuracyMatrix(values);
    }

    /** Learns one task; returns the last step's figures. */
    OptimizerStep.Result learn(List<AttachedAdapter> adapters, int task) {
        return learn(adapters, task, new PluginSection("adamw", Map.of("weight_decay", 0.0)), 0, steps);
    }

    /** Takes some of the steps of a task. */
    OptimizerStep.Result learn(
            List<AttachedAdapter> adapters, int task, PluginSection optimizerSection, int from, int to) {
        List<Example> examples = examples(task, TRAIN, "train");
        OptimizerStep.Result result = null;
        try (Optimizer optimizer = new PluginInstances(bench.registry()).optimizer(optimizerSection)) {
            OptimizerStep step = new OptimizerStep(
                    new OptimizerStep.Setting(model, new TrainedParameters(adapters), objective, optimizer, 1, false));
            for (int i = from; i < to; i++) {
                int start = i * BATCH % TRAIN;
                HostBatch batch = HostBatch.padded(examples.subList(start, start + BATCH), 0, 1);
                result = step.take(
                        List.of(batch::toBatch), layer -> RATE, new Progress(i, to, 0, 1), RandomStream.seeded(i));
            }
        }
        return result;
    }

    /** Lets attachments look at a task that has been learned. */
    void calibrate(List<AttachedAdapter> adapters, int task) {
        new Calibrator(model, adapters, objective, alone(task), seed).run(Calibration.When.END);
    }

    /** The training examples of a task, each in a batch of its own. */
    List<Function<Tensors, Batch>> alone(int task) {
        return examples(task, TRAIN, "train").stream()
                .<Function<Tensors, Batch>>map(example -> HostBatch.padded(List.of(example), 0, 1)::toBatch)
                .toList();
    }

    private double accuracy(List<AttachedAdapter> adapters, int task) {
        List<HostBatch> batches = List.of(HostBatch.padded(examples(task, TEST, "test"), 0, 1));
        return Evaluation.run(model, adapters, objective, batches, List.of(), done -> {})
                .get("accuracy");
    }

    private List<Example> examples(int task, int count, String purpose) {
        RandomStream random = RandomStream.seeded(seed).fork(purpose + task);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % 2;
            int[] ids = new int[LENGTH];
            ids[0] = 2;
            for (int j = 1; j < LENGTH; j++) {
                boolean telling = j < LENGTH - 1;
                int half = telling ? label : random.nextInt(2);
                ids[j] = 3 + task * WORDS + half * WORDS / 2 + random.nextInt(WORDS / 2);
            }
            examples.add(new Example(List.of(Sequence.of(ids, null)), Map.of("label", (double) label)));
        }
        return examples;
    }
}
