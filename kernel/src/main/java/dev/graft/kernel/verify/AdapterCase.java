package dev.graft.kernel.verify;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An adapter against its expected logits, its training trajectory and its trained tensors. */
final class AdapterCase {
    private final PluginRegistry registry;
    private final GraftTensors tensors;
    private final ModelLoader models;

    AdapterCase(PluginRegistry registry, GraftTensors tensors, ModelLoader models) {
        this.registry = registry;
        this.tensors = tensors;
        this.models = models;
    }

    CaseReport verify(String name, Path directory, Map<String, Object> description, Path base) {
        Comparison comparison = new Comparison();
        try (LoadedModel model = models.load(base, ModelLoader.Options.asStored());
                Reference reference = new Reference(tensors, directory)) {
            List<AttachedAdapter> adapters = new AdapterLoader(registry).load(directory, model);
            try {
                Trial trial = new Trial(model, adapters, reference, comparison);
                trial.logits("logits", Tolerances.of(model.description()).logits());
                if (description.get("trainable_parameters") instanceof Number count) {
                    long found = new TrainedParameters(adapters).elements();
                    comparison.require(found == count.longValue(), found + " trainable parameters instead of " + count);
                }
                if (description.containsKey("optimizer") && reference.has("losses")) {
                    trial.train(OptimizerText.parse(String.valueOf(description.get("optimizer"))));
                    trial.logits(
                            "trained_logits", Tolerances.of(model.description()).trainedLogits());
                    trial.trained(directory.resolve("trained.safetensors"));
                }
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }
        return comparison.report(name);
    }

    private final class Trial {
        private final LoadedModel model;
        private final List<AttachedAdapter> adapters;
        private final Reference reference;
        private final Comparison comparison;
        private final ReferenceObjective objective;

        Trial(LoadedModel model, List<AttachedAdapter> adapters, Reference reference, Comparison comparison) {
            this.model = model;
            this.adapters = adapters;
            this.reference = reference;
            this.comparison = comparison;
            this.objective = new ReferenceObjective(model.description().task());
        }

        void logits(String which, double tolerance) {
            tensors.withoutGradient(() -> {
                try (Scope scope = tensors.scope()) {
                    Tensor expected = reference.tensor(which);
                    Tensor found = model.forward(
                                    reference.input(), RowAssignment.all(adapters), PassOptions.inference())
                            .logits();
                    boolean[] compared = reference.compared(expected);
                    comparison.logits(which, expected.floats(), found.floats(), compared, tolerance);
                    return null;
                }
            });
        }

        void train(OptimizerText text) {
            double[] losses = losses();
            double tolerance = Tolerances.of(model.description()).losses();
            OptimizerProvider<?> provider = registry.optimizer(text.id());
            try (Optimizer optimizer = create(provider, text.options())) {
                OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                        model, new TrainedParameters(adapters), objective, optimizer, 0, false));
                for (int i = 0; i < losses.length - 1; i++) {
                    OptimizerStep.Result result = step.take(
                            List.of(ignored -> batch()),
                            layer -> text.learningRate(),
                            new Progress(i, losses.length - 1L, 0, 1),
                            RandomStream.seeded(i));
                    comparison.loss(i, losses[i], result.loss(), tolerance);
                    if (i == 0 && reference.has("grad_norm_step0")) {
                        comparison.relative(
                                "the norm of the first gradients", gradientNorm(), result.gradientNorm(), 1e-3);
                    }
                }
            }
            comparison.loss(losses.length - 1, losses[losses.length - 1], lossNow(), tolerance);
        }

        /** Compares the tensors of the trained adapter with those of the reference, within what logits may differ. */
        void trained(Path file) {
            if (!Files.exists(file)) {
                return;
            }
            try (SafetensorsFile expected = SafetensorsFile.open(file);
                    Scope scope = tensors.scope()) {
                Map<String, Tensor> state = new LinkedHashMap<>();
                adapters.forEach(adapter -> state.putAll(adapter.attachment().state()));
                double worst = 0;
                for (Map.Entry<String, Tensor> entry : state.entrySet()) {
                    if (expected.find(entry.getKey()).isEmpty()) {
                        comparison.require(false, "trained.safetensors has no '" + entry.getKey() + "'");
                        continue;
                    }
                    Tensor wanted = tensors.wrap(EngineArrays.copy(tensors.engine(), expected.tensor(entry.getKey())));
                    worst = Math.max(
                            worst, largest(wanted.floats(), entry.getValue().floats()));
                }
                double tolerance = Tolerances.of(model.description()).trainedLogits();
                comparison.require(
                        worst <= tolerance, "trained tensors differ by " + worst + ", more than " + tolerance);
            }
        }

        private double lossNow() {
            return tensors.withoutGradient(() -> {
                try (Scope scope = tensors.scope()) {
                    ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
                    Loss loss = objective.loss(runner, batch());
                    return loss.sum().item() / loss.weight();
                }
            });
        }

        private Batch batch() {
            return new Batch(reference.input(), reference.integers("labels"), List.of());
        }

        private double gradientNorm() {
            try (Scope scope = tensors.scope()) {
                return reference.tensor("grad_norm_step0").item();
            }
        }

        private double[] losses() {
            try (Scope scope = tensors.scope()) {
                Tensor losses = reference.tensor("losses");
                double[] values = new double[Math.toIntExact(losses.shape().elements())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ((ArrayTensor) losses.slice(0, i, i + 1L)).item();
                }
                return values;
            }
        }
    }

    private static <C extends Record> Optimizer create(OptimizerProvider<C> provider, Map<String, Object> options) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), options, "optimizer"));
    }

    private static double largest(float[] expected, float[] found) {
        if (expected.length != found.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) expected[i] - found[i]);
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return worst;
    }

    /** What describes a case. */
    static Map<String, Object> description(Path directory) {
        return JsonFile.read(directory.resolve("case.json"));
    }

    /**
     * The base model of a case, in the folder {@code models} beside the folder of cases, or further up.
     *
     * @throws ConfigurationException if it is nowhere
     */
    static Path base(Path directory, String name) {
        for (Path above = directory.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
            Path candidate = above.resolve("models").resolve(name);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        throw new ConfigurationException(
                "the base model '" + name + "' of " + directory + " is in no folder 'models' beside it or further up");
    }
}
