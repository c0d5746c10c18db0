package dev.graft.kernel.verify;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.objective.ReferenceCheck;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds an objective against a case: every value it computes, and the losses of training on the case's examples. */
final class ObjectiveCase {
    private static final double ABSOLUTE = 2e-4;
    private static final double RELATIVE = 5e-5;
    private static final int DISTURBED_RUNS = 4;

    private final Plugins registry;
    private final GraftTensors tensors;
    private final ModelLoader models;

    ObjectiveCase(Plugins registry, GraftTensors tensors, ModelLoader models) {
        this.registry = registry;
        this.tensors = tensors;
        this.models = models;
    }

    /**
     * The base model that a case is about, through its adapter or by name; null where it needs none.
     *
     * @throws ConfigurationException if it names one that is nowhere
     */
    static Path base(Path folder, Map<String, Object> description) {
        if (description.get("adapter") instanceof String adapter) {
            Path directory = AdapterCase.above(folder, adapter);
            return AdapterCase.base(
                    directory, String.valueOf(AdapterCase.description(directory).get("base_model")));
        }
        return description.get("base_model") instanceof String name ? AdapterCase.base(folder, name) : null;
    }

    /** Verifies a case; {@code provider} is the objective whose id its folder has. */
    CaseReport verify(String name, Path folder, Map<String, Object> description, ObjectiveProvider<?> provider) {
        try (Reference reference = new Reference(tensors, folder)) {
            ReferenceCheck check = provider.check(new CaseValues(reference, description, tensors))
                    .orElse(null);
            if (check == null) {
                return CaseReport.unsupported(name, "objective '" + provider.id() + "' knows no reference cases");
            }
            Comparison comparison = new Comparison();
            Path base = base(folder, description);
            if (base == null) {
                values(check, reference, new Modelless(tensors), comparison);
                return comparison.report(name);
            }
            try (LoadedModel model = models.load(base, ModelLoader.Options.asStored())) {
                Path adapter = description.get("adapter") instanceof String directory
                        ? AdapterCase.above(folder, directory)
                        : null;
                new Trial(model, adapter, reference, description, check, comparison).run();
            }
            return comparison.report(name);
        }
    }

    private void values(ReferenceCheck check, Reference reference, Runner runner, Comparison comparison) {
        try (Scope scope = tensors.scope()) {
            Map<String, float[]> found =
                    tensors.withoutGradient(() -> check.values().apply(runner, batch(check)));
            found.forEach(
                    (name, values) -> comparison.values(name, reference.floats(name), values, ABSOLUTE, RELATIVE));
        }
    }

    private Batch batch(ReferenceCheck check) {
        return check.examples().isEmpty()
                ? null
                : HostBatch.padded(check.examples(), 0, 1).toBatch(tensors);
    }

    private final class Trial {
        private final LoadedModel model;
        private final Path directory;
        private final Reference reference;
        private final Map<String, Object> description;
        private final ReferenceCheck check;
        private final Comparison comparison;

        Trial(
                LoadedModel model,
                Path directory,
                Reference reference,
                Map<String, Object> description,
                ReferenceCheck check,
                Comparison comparison) {
            this.model = model;
            this.directory = directory;
            this.reference = reference;
            this.description = description;
            this.check = check;
            this.comparison = comparison;
        }

        void run() {
            List<AttachedAdapter> adapters = load();
            try {
                values(check, reference, runner(adapters), comparison);
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
            check.trainings().forEach(this::trajectory);
        }

        private List<AttachedAdapter> load() {
            return directory == null ? List.of() : new AdapterLoader(registry).load(directory, model);
        }

        private ModelRunner runner(List<AttachedAdapter> adapters) {
            return new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
        }

        private void trajectory(String name, Objective objective) {
            double[] expected = reference.doubles(name);
            double tolerance = Tolerances.of(model.description()).losses();
            Trajectory found = train(objective, expected.length, 0);
            Comparison strict = new Comparison();
            for (int i = 0; i < expected.length; i++) {
                strict.loss(i, expected[i], found.losses()[i], tolerance, 0);
            }
            Conditioning conditioning = Conditioning.perfect(expected.length);
            if (!strict.clean()) {
                List<Trajectory> disturbed = new ArrayList<>();
                for (int run = 1; run <= DISTURBED_RUNS; run++) {
                    disturbed.add(train(objective, expected.length, run));
                }
                conditioning = Conditioning.of(found, disturbed, null);
            }
            for (int i = 0; i < expected.length; i++) {
                comparison.loss(
                        i,
                        expected[i],
                        found.losses()[i],
                        tolerance,
                        conditioning.losses()[i]);
            }
        }

        private Trajectory train(Objective objective, int steps, long disturbance) {
            Object line = description.getOrDefault("optimizer", description.get("trajectory"));
            OptimizerText text = OptimizerText.parse(String.valueOf(line));
            List<AttachedAdapter> adapters = load();
            try (Optimizer optimizer = create(registry.optimizer(text.id()), text.options())) {
                if (disturbance != 0) {
                    AdapterTrial.disturb(tensors, adapters, disturbance);
                }
                OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                        model, new TrainedParameters(adapters), objective, optimizer, 0, false));
                double[] losses = new double[steps];
                for (int i = 0; i < steps; i++) {
                    losses[i] = step.take(
                                    List.of(ignored -> batch(check)),
                                    layer -> text.learningRate(),
                                    new Progress(i, steps, 0, 1),
                                    RandomStream.seeded(i))
                            .loss();
                }
                return new Trajectory(losses, 0, new float[0], Map.of());
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }
    }

    private static <C extends Record> Optimizer create(OptimizerProvider<C> provider, Map<String, Object> options) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), options, "optimizer"));
    }
}
