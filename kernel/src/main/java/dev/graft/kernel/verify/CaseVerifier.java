package dev.graft.kernel.verify;

import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.SequenceCheck;
import dev.graft.spi.objective.ObjectiveProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs what is in one directory against its reference outputs, with the plugins of a lease. */
final class CaseVerifier {
    private final Plugins registry;
    private final GraftTensors tensors;
    private final ModelLoader models;

    CaseVerifier(Plugins registry, GraftTensors tensors) {
        this.registry = registry;
        this.tensors = tensors;
        this.models = new ModelLoader(registry, tensors);
    }

    /** Verifies the case in a folder; what is wrong with its files fails it. */
    CaseReport verify(String name, Path folder) {
        try {
            if (Files.exists(folder.resolve("case.json"))) {
                return described(name, folder);
            }
            if (Files.exists(folder.resolve("config.json"))) {
                String missing = missingModel(folder);
                return missing != null
                        ? CaseReport.unsupported(name, missing)
                        : new ModelCase(registry, tensors, models).verify(name, folder);
            }
            if (Files.exists(folder.resolve("tokenizer_config.json"))) {
                return new TokenizerCase(registry).verify(name, folder);
            }
            return CaseReport.unsupported(name, "no installed plugin says what this directory holds");
        } catch (ConfigurationException e) {
            return CaseReport.failed(name, e.getMessage());
        }
    }

    private CaseReport described(String name, Path folder) {
        Map<String, Object> description = AdapterCase.description(folder);
        Optional<ObjectiveProvider<?>> computed = computed(folder);
        if (computed.isPresent()) {
            Path model = ObjectiveCase.base(folder, description);
            String unknown = model == null ? null : missingModel(model);
            return unknown != null
                    ? CaseReport.unsupported(name, unknown)
                    : new ObjectiveCase(registry, tensors, models).verify(name, folder, description, computed.get());
        }
        Optional<MethodProvider<?>> retrospective = lookingBack(folder, description);
        if (retrospective.isPresent()) {
            return sequence(name, folder, description, retrospective.get());
        }
        Optional<MethodProvider<?>> trained = trainedFromDefaults(folder, description);
        if (!(description.get("base_model") instanceof String baseName) || (trained.isEmpty() && !isAdapter(folder))) {
            return CaseReport.unsupported(
                    name,
                    "no installed plugin computes the case '" + folder.getFileName() + "' of '"
                            + folder.toAbsolutePath().getParent().getFileName() + "'");
        }
        Path base = AdapterCase.base(folder, baseName);
        String missing = missingModel(base);
        if (missing == null && trained.isEmpty()) {
            missing = missingMethod(folder);
        }
        if (missing != null) {
            return CaseReport.unsupported(name, missing);
        }
        AdapterCase adapterCase = new AdapterCase(registry, tensors, models);
        return trained.isPresent()
                ? adapterCase.verify(name, folder, description, base, trained.get())
                : adapterCase.verify(name, folder, description, base);
    }

    /**
     * The method that a case without adapter files is about: below {@code objectives}, in a folder that has the id of an
     * installed method, with an optimizer and the losses it led to on one batch.
     */
    private Optional<MethodProvider<?>> trainedFromDefaults(Path folder, Map<String, Object> description) {
        Path place = folder.toAbsolutePath().normalize();
        if (isAdapter(folder)
                || !place.getParent().endsWith("objectives")
                || !description.containsKey("optimizer")
                || !Reference.holds(folder, List.of("input_ids", "labels", "losses", "trained_logits"))) {
            return Optional.empty();
        }
        return registry.methods().stream()
                .filter(method -> place.endsWith(method.id()))
                .<MethodProvider<?>>map(method -> registry.method(method.id()))
                .findFirst();
    }

    /** The installed objective whose id a folder below {@code objectives} has, or the folder that holds it. */
    private Optional<ObjectiveProvider<?>> computed(Path folder) {
        return holder(folder)
                .flatMap(holder -> registry.objectives().stream()
                        .filter(objective -> holder.endsWith(objective.id()))
                        .<ObjectiveProvider<?>>map(objective -> registry.objective(objective.id()))
                        .findFirst());
    }

    /** The installed method that says how a case is checked, below {@code objectives} in a folder, or one inside it, of its id. */
    private Optional<MethodProvider<?>> lookingBack(Path folder, Map<String, Object> description) {
        return holder(folder)
                .flatMap(holder -> registry.methods().stream()
                        .filter(method -> holder.endsWith(method.id())
                                && method.check(description).isPresent())
                        .<MethodProvider<?>>map(method -> registry.method(method.id()))
                        .findFirst());
    }

    /** The folder right below {@code objectives} that a case is, or that holds it. */
    private static Optional<Path> holder(Path folder) {
        Path place = folder.toAbsolutePath().normalize();
        Path holder = place.getParent().endsWith("objectives") ? place : place.getParent();
        return holder.getParent().endsWith("objectives") ? Optional.of(holder) : Optional.empty();
    }

    private CaseReport sequence(
            String name, Path folder, Map<String, Object> description, MethodProvider<?> retrospective) {
        Path base = AdapterCase.base(folder, String.valueOf(description.get("base_model")));
        String missing = missingModel(base);
        if (missing != null) {
            return CaseReport.unsupported(name, missing);
        }
        SequenceCheck check = retrospective.check(description).orElseThrow();
        boolean learns =
                registry.methods().stream().anyMatch(method -> method.id().equals(check.learner()));
        return learns
                ? new SequenceCase(registry, tensors, models)
                        .verify(name, folder, description, base, retrospective, check)
                : CaseReport.unsupported(name, "no installed method is called '" + check.learner() + "'");
    }

    private String missingModel(Path directory) {
        Object type = JsonFile.read(directory.resolve("config.json")).get("model_type");
        boolean known = registry.models().stream()
                .anyMatch(provider -> provider.modelTypes().contains(type));
        return known ? null : "no installed plugin builds models of model_type '" + type + "'";
    }

    /** Why an adapter cannot be read, or null if installed methods read every folder of it. */
    private String missingMethod(Path directory) {
        for (Path folder : adapterFolders(directory)) {
            if (registry.methods().stream().noneMatch(method -> reads(method, folder))) {
                Path file = folder.resolve("adapter_config.json");
                Object type = Files.exists(file) ? JsonFile.read(file).get("peft_type") : null;
                return type != null
                        ? "no installed plugin reads adapters of peft_type '" + type + "'"
                        : "no installed plugin reads adapters of the layout of " + folder.getFileName();
            }
        }
        return null;
    }

    private static boolean reads(MethodProvider<?> method, Path folder) {
        Path file = folder.resolve(method.format().configFile());
        return Files.isRegularFile(file) && method.format().recognises(JsonFile.read(file));
    }

    /** The directory itself if it is described, else its folders. */
    private static List<Path> adapterFolders(Path directory) {
        if (Files.exists(directory.resolve("adapter_config.json"))) {
            return List.of(directory);
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a case holds an adapter. */
    static boolean isAdapter(Path folder) {
        return !adapterFolders(folder).isEmpty();
    }
}
