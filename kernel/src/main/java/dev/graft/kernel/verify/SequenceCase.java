package dev.graft.kernel.verify;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.Calibrator;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.method.SequenceCheck;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Holds a method that looks back on an earlier task against a case: what it knows of it, and training on the next one. */
final class SequenceCase {
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "labels");

    /** Of a value; squares of gradients differ by twice what gradients do. */
    private static final double RELATIVE = 1e-3;

    /** Of the largest value of a tensor, where values near zero are differences of large ones. */
    private static final double OF_LARGEST = 1e-5;

    /** Of the largest value of all tensors: what a gradient of exactly zero may come to, squared, in single precision. */
    private static final double OF_ALL = 1e-12;

    private final Plugins registry;
    private final GraftTensors tensors;
    private final ModelLoader models;

    SequenceCase(Plugins registry, GraftTensors tensors, ModelLoader models) {
        this.registry = registry;
        this.tensors = tensors;
        this.models = models;
    }

    /** Verifies a case; {@code method} is the one whose id its folder has. */
    CaseReport verify(
            String name,
            Path directory,
            Map<String, Object> description,
            Path base,
            MethodProvider<?> method,
            SequenceCheck check) {
        Comparison comparison = new Comparison();
        try (LoadedModel model = models.load(base, ModelLoader.Options.asStored());
                Reference reference = new Reference(tensors, directory)) {
            new Trial(model, reference, description, method, check, comparison).run();
        }
        return comparison.report(name);
    }

    private final class Trial {
        private final LoadedModel model;
        private final Reference reference;
        private final Map<String, Object> description;
        private final MethodProvider<?> method;
        private final SequenceCheck check;
        private final Comparison comparison;
        private final ReferenceObjective objective;

        Trial(
                LoadedModel model,
                Reference reference,
                Map<String, Object> description,
                MethodProvider<?> method,
                SequenceCheck check,
                Comparison comparison) {
            this.model = model;
            this.reference = reference;
            this.description = description;
            this.method = method;
            this.check = check;
            this.comparison = comparison;
            this.objective = new ReferenceObjective(model.description().task());
        }

        void run() {
            AttachedAdapter learner = attach(
                    registry.method(check.learner()), Map.of(), AdapterBuilder.Setting.fresh(check.learner(), 0));
            Map<String, Array> kept = new LinkedHashMap<>();
            try {
                kept.putAll(lookedAt(learner));
                AttachedAdapter again = attach(
                        method,
                        check.options(),
                        AdapterBuilder.Setting.stored(method.id(), kept, "what was kept")
                                .over(List.of(learner), List.of()));
                try {
                    trajectory(List.of(learner, again));
                } finally {
                    again.release();
                }
            } finally {
                kept.values().forEach(Array::close);
                learner.release();
            }
        }

        /** Looks at the first task; returns what is kept of it. */
        private Map<String, Array> lookedAt(AttachedAdapter learner) {
            AttachedAdapter looking = attach(
                    method,
                    check.options(),
                    AdapterBuilder.Setting.fresh(method.id(), 0).over(List.of(learner), List.of()));
            try (Scope scope = tensors.scope()) {
                Calibrator calibrator =
                        new Calibrator(model, List.of(learner, looking), objective, rows(check.first()), 0);
                calibrator.run(Calibration.When.START);
                calibrator.run(Calibration.When.END);
                known(check.known().apply(looking.attachment()));
                Map<String, Array> kept = new LinkedHashMap<>();
                looking.attachment().state().forEach((name, tensor) -> kept.put(name, copy(tensor)));
                return kept;
            } finally {
                looking.release();
            }
        }

        private Array copy(Tensor tensor) {
            return tensors.engine().copy(((ArrayTensor) tensor).array());
        }

        private void known(Map<String, Tensor> known) {
            Set<String> others = new HashSet<>(List.of(check.losses(), check.penalties()));
            INPUTS.forEach(name -> others.addAll(List.of(check.first() + name, check.second() + name)));
            List<String> names = reference.names().stream()
                    .filter(name -> !others.contains(name))
                    .toList();
            double zero = OF_ALL
                    * names.stream()
                            .mapToDouble(name -> Comparison.largest(reference.floats(name)))
                            .max()
                            .orElse(0);
            for (String name : names) {
                Tensor found = known.get(name);
                if (found == null) {
                    comparison.require(false, "the method knows no '" + name + "'");
                } else {
                    comparison.scaled(name, reference.floats(name), found.floats(), zero, OF_LARGEST, RELATIVE);
                }
            }
        }

        private void trajectory(List<AttachedAdapter> adapters) {
            double[] losses = reference.doubles(check.losses());
            double[] penalties = reference.doubles(check.penalties());
            double tolerance = Tolerances.of(model.description()).losses();
            OptimizerText text = OptimizerText.parse(String.valueOf(description.get("optimizer")));
            float[] found = new float[losses.length];
            try (Optimizer optimizer =
                    new PluginInstances(registry).optimizer(new PluginSection(text.id(), text.options()))) {
                OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                        model, new TrainedParameters(adapters), objective, optimizer, 0, false));
                for (int i = 0; i < losses.length; i++) {
                    OptimizerStep.Result result = step.take(
                            List.of(ignored -> batch(check.second())),
                            layer -> text.learningRate(),
                            new Progress(i, losses.length, 0, 1),
                            RandomStream.seeded(i));
                    comparison.loss(i, losses[i], result.loss(), tolerance, 0);
                    found[i] = result.metrics()
                            .getOrDefault(OptimizerStep.PENALTY, Double.NaN)
                            .floatValue();
                }
            }
            float[] expected = new float[penalties.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (float) penalties[i];
            }
            comparison.scaled(check.penalties(), expected, found, 0, OF_LARGEST, RELATIVE);
        }

        private Batch batch(String task) {
            return new Batch(reference.input(task), reference.integers(task + "labels"), List.of());
        }

        /** Every example of a task in a batch of its own. */
        private List<Function<Tensors, Batch>> rows(String task) {
            List<Function<Tensors, Batch>> rows = new ArrayList<>();
            long count;
            try (Scope scope = tensors.scope()) {
                count = reference.integers(task + "labels").size(0);
            }
            for (long row = 0; row < count; row++) {
                long first = row;
                rows.add(ignored -> row(batch(task), first));
            }
            return rows;
        }

        private static Batch row(Batch all, long row) {
            Tensor mask = all.input().mask();
            Input input = Input.of(
                    all.input().ids().slice(0, row, row + 1), mask == null ? null : mask.slice(0, row, row + 1));
            return new Batch(input, all.labels().slice(0, row, row + 1), List.of());
        }

        private <C extends Record> AttachedAdapter attach(
                MethodProvider<C> provider, Map<String, Object> options, AdapterBuilder.Setting setting) {
            C configuration = ConfigurationBinder.bind(provider.configuration(), options, provider.id());
            return AdapterBuilder.attach(model, provider, configuration, setting);
        }
    }
}
