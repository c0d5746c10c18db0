package dev.graft.kernel.verify;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** An adapter against its expected logits, its training trajectory and its trained tensors. */
final class AdapterCase {
    private static final int DISTURBED_RUNS = 4;

    private final Plugins registry;
    private final GraftTensors tensors;
    private final ModelLoader models;

    AdapterCase(Plugins registry, GraftTensors tensors, ModelLoader models) {
        this.registry = registry;
        this.tensors = tensors;
        this.models = models;
    }

    /** Verifies the adapter that lies in the case's directory. */
    CaseReport verify(String name, Path directory, Map<String, Object> description, Path base) {
        return verify(name, directory, description, base, model -> load(directory, model));
    }

    /** Verifies a method from a new adapter of its default configuration on: a case without adapter files. */
    CaseReport verify(
            String name, Path directory, Map<String, Object> description, Path base, MethodProvider<?> method) {
        return verify(name, directory, description, base, model -> List.of(fresh(method, model)));
    }

    private CaseReport verify(
            String name,
            Path directory,
            Map<String, Object> description,
            Path base,
            Function<LoadedModel, List<AttachedAdapter>> source) {
        Comparison comparison = new Comparison();
        try (LoadedModel model = models.load(base, ModelLoader.Options.asStored());
                Reference reference = new Reference(tensors, directory)) {
            new Judgement(model, reference, directory, description, comparison, source).run();
        }
        return comparison.report(name);
    }

    /** The adapter, with the reparameterisation that the reference keeps apart, where there is one. */
    private List<AttachedAdapter> load(Path directory, LoadedModel model) {
        Path encoder = directory.resolve("encoder.safetensors");
        return new AdapterLoader(registry).load(directory, model, List.of(), Files.exists(encoder) ? encoder : null);
    }

    private static <C extends Record> AttachedAdapter fresh(MethodProvider<C> method, LoadedModel model) {
        C configuration = ConfigurationBinder.bind(method.configuration(), Map.of(), method.id());
        return AdapterBuilder.attach(model, method, configuration, AdapterBuilder.Setting.fresh(method.id(), 0));
    }

    private final class Judgement {
        private final LoadedModel model;
        private final Reference reference;
        private final Map<String, Object> description;
        private final Comparison comparison;
        private final Function<LoadedModel, List<AttachedAdapter>> source;
        private final Tolerances tolerances;
        private final Map<String, float[]> expectedState;
        private final Set<String> irrelevant = new HashSet<>();
        private final boolean stored;

        Judgement(
                LoadedModel model,
                Reference reference,
                Path directory,
                Map<String, Object> description,
                Comparison comparison,
                Function<LoadedModel, List<AttachedAdapter>> source) {
            this.model = model;
            this.reference = reference;
            this.description = description;
            this.comparison = comparison;
            this.source = source;
            this.tolerances = Tolerances.of(model.description());
            this.expectedState = trainedState(directory.resolve("trained.safetensors"));
            this.stored = CaseVerifier.isAdapter(directory);
        }

        void run() {
            List<AttachedAdapter> adapters = source.apply(model);
            adapters.forEach(adapter -> irrelevant.addAll(adapter.ignored()));
            try {
                if (reference.has("logits")) {
                    boolean[] compared = reference.compared("logits");
                    float[] found = new AdapterTrial(model, adapters, reference).logits();
                    comparison.logits("logits", reference.floats("logits"), found, compared, tolerances.logits());
                }
                if (description.get("trainable_parameters") instanceof Number count) {
                    long elements = new TrainedParameters(adapters).elements();
                    comparison.require(
                            elements == count.longValue(), elements + " trainable parameters instead of " + count);
                }
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
            if (comparison.clean() && description.containsKey("optimizer") && reference.has("losses")) {
                trajectory();
            }
        }

        private void trajectory() {
            double[] expected = reference.doubles("losses");
            int steps = steps(expected.length);
            Trajectory found = trajectory(steps, 0);
            boolean[] compared = reference.compared("trained_logits");
            Conditioning conditioning = Conditioning.perfect(found.losses().length);
            if (!agrees(expected, found, compared)) {
                List<Trajectory> disturbed = new ArrayList<>();
                for (int run = 1; run <= DISTURBED_RUNS; run++) {
                    disturbed.add(trajectory(steps, run));
                }
                conditioning = Conditioning.of(found, disturbed, compared);
            }
            judge(expected, found, compared, conditioning);
        }

        /** A case without adapter files has a loss before each step; others have one more, after the last. */
        private int steps(int losses) {
            return stored || description.get("steps") instanceof Number ? losses - 1 : losses;
        }

        private void judge(double[] expected, Trajectory found, boolean[] compared, Conditioning conditioning) {
            for (int i = 0; i < expected.length; i++) {
                comparison.loss(
                        i,
                        expected[i],
                        found.losses()[i],
                        tolerances.losses(),
                        conditioning.losses()[i]);
            }
            if (reference.has("grad_norm_step0")) {
                double norm = reference.doubles("grad_norm_step0")[0];
                comparison.relative("the norm of the first gradients", norm, found.firstNorm(), 1e-3);
            }
            double allowed = Math.max(tolerances.trainedLogits(), conditioning.logits());
            comparison.logits("trained logits", reference.floats("trained_logits"), found.logits(), compared, allowed);
            trained(found, conditioning);
            if (conditioning.logits() > 0) {
                comparison.remark("rounding alone moves this trajectory's trained logits by "
                        + (float) (conditioning.logits() / 2) + ", so they were compared within " + (float) allowed);
            }
        }

        private boolean agrees(double[] expected, Trajectory found, boolean[] compared) {
            Comparison trial = new Comparison();
            for (int i = 0; i < expected.length; i++) {
                trial.loss(i, expected[i], found.losses()[i], tolerances.losses(), 0);
            }
            float[] logits = reference.floats("trained_logits");
            trial.logits("logits", logits, found.logits(), compared, tolerances.trainedLogits());
            boolean tensorsAgree = found.state().entrySet().stream()
                    .filter(entry -> expectedState.containsKey(entry.getKey()))
                    .allMatch(entry -> Comparison.largest(expectedState.get(entry.getKey()), entry.getValue(), null)
                            <= tolerances.trainedLogits());
            return trial.clean() && tensorsAgree;
        }

        private Trajectory trajectory(int steps, long disturbance) {
            OptimizerText text = OptimizerText.parse(String.valueOf(description.get("optimizer")));
            List<AttachedAdapter> adapters = source.apply(model);
            try (Optimizer optimizer = create(registry.optimizer(text.id()), text.options())) {
                AdapterTrial trial = new AdapterTrial(model, adapters, reference);
                if (disturbance != 0) {
                    trial.disturb(disturbance);
                }
                return trial.train(optimizer, text.learningRate(), steps);
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }

        /** Compares the trained tensors with those of the reference, within what trained logits may differ by. */
        private void trained(Trajectory found, Conditioning conditioning) {
            expectedState.forEach((tensor, values) -> {
                float[] own = found.state().get(tensor);
                if (own == null) {
                    comparison.require(irrelevant.contains(tensor), "training gives no tensor '" + tensor + "'");
                    return;
                }
                double allowed = Math.max(
                        tolerances.trainedLogits(), conditioning.state().getOrDefault(tensor, 0.0));
                double worst = Comparison.largest(values, own, null);
                comparison.require(worst <= allowed, "trained '" + tensor + "' differs by " + worst);
            });
        }
    }

    /** The tensors of the trained adapter by name; empty where there are none. */
    private Map<String, float[]> trainedState(Path file) {
        Map<String, float[]> state = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try (SafetensorsFile trained = SafetensorsFile.open(file);
                    Scope scope = tensors.scope()) {
                trained.contents()
                        .forEach((name, data) -> state.put(
                                name,
                                tensors.wrap(EngineArrays.copy(tensors.engine(), data))
                                        .floats()));
            }
        }
        return state;
    }

    private static <C extends Record> Optimizer create(OptimizerProvider<C> provider, Map<String, Object> options) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), options, "optimizer"));
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
        Path found = find(directory, "models/" + name);
        if (found == null) {
            throw new ConfigurationException("the base model '" + name + "' of " + directory
                    + " is in no folder 'models' beside it or further up");
        }
        return found;
    }

    /**
     * The directory of this path beside a case, or further up.
     *
     * @throws ConfigurationException if it is nowhere
     */
    static Path above(Path directory, String path) {
        Path found = find(directory, path);
        if (found == null) {
            throw new ConfigurationException("'" + path + "', which the case.json of " + directory
                    + " names, is neither beside it nor further up");
        }
        return found;
    }

    private static Path find(Path directory, String path) {
        for (Path above = directory.toAbsolutePath().normalize(); above != null; above = above.getParent()) {
            Path candidate = above.resolve(path);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
