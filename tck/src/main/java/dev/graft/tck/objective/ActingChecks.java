package dev.graft.tck.objective;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.PlacedAdapter;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.spi.engine.Array;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.Scope;
import dev.graft.tck.bench.TinyTokenizer;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What an objective computes ahead, keeps of its own, and learns from the model's answers. */
final class ActingChecks {
    private static final double SAME = 1e-6;
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9._-]+\\.safetensors");

    private ActingChecks() {}

    static void ahead(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.doubleStage()) {
            if (!stage.objective().looksAhead()) {
                throw new NotApplicable("it computes nothing ahead");
            }
            List<Example> examples = stage.drawn();
            List<Map<String, Double>> together = ahead(stage, examples);
            Expect.equal(
                    together.size(), examples.size(), "the number of examples that figures are computed ahead for");
            List<Example> completed = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                Map<String, Double> figures = together.get(i);
                Expect.that(!figures.isEmpty(), "example " + i + " has no figures computed ahead");
                Map<String, Double> alone =
                        ahead(stage, examples.subList(i, i + 1)).get(0);
                Expect.equal(alone.keySet(), figures.keySet(), "the figures of example " + i + " alone");
                alone.forEach((name, figure) -> Measured.near(
                        figure, figures.get(name), SAME, "the figure " + name + " of an example computed ahead alone"));
                Map<String, Double> values = new HashMap<>(examples.get(i).values());
                values.putAll(figures);
                completed.add(examples.get(i).with(values));
            }
            stage.loss(completed).expectAll(stage.loss(examples), SAME, "with figures that were computed ahead");
        }
    }

    private static List<Map<String, Double>> ahead(ObjectiveStage stage, List<Example> examples) {
        try (Scope scope = stage.model().tensors().scope()) {
            return stage.model()
                    .tensors()
                    .withoutGradient(() -> stage.objective()
                            .ahead(
                                    stage.runner(),
                                    stage.batch(examples, 1)
                                            .toBatch(stage.model().tensors())));
        }
    }

    static void own(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            String file = stage.objective().stateFile();
            Expect.that(
                    FILE.matcher(file).matches() && !file.startsWith("adapter_"),
                    "what it learns would be kept in '" + file + "', which must be a safetensors file of its own");
            if (stage.adapters().size() < 2) {
                throw new NotApplicable("it learns nothing of its own");
            }
            AttachedAdapter own = stage.adapters().get(1);
            Path folder = trial.bench().newFolder().resolve("gain");
            new AdapterLoader(trial.bench().registry(), TinyTokenizer.withoutBlanks())
                    .save(
                            folder,
                            "base",
                            List.of(new PlacedAdapter(stage.gain(), stage.model(), List.of())),
                            Map.of(file, own));
            List<Example> examples = stage.learnt();
            Measured before = stage.loss(examples);
            Objective again = trial.objective();
            Map<String, Array> stored = stored(stage, folder.resolve(file));
            try {
                stage.own(again, stored);
            } finally {
                stored.values().forEach(Array::close);
            }
            stage.loss(again, stage.batch(examples, 1), Function.identity())
                    .expect(before, 0, "with what it had learnt saved and loaded");
        }
    }

    private static Map<String, Array> stored(ObjectiveStage stage, Path file) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            tensors.contents().forEach((name, values) -> arrays.put(name, EngineArrays.copy(stage.engine(), values)));
        }
        return arrays;
    }

    private static Rollouts rollouts(ObjectiveStage stage) {
        return stage.objective().rollouts().orElseThrow(() -> new NotApplicable("it learns from its data as they are"));
    }

    static void sameExperience(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            rollouts(stage);
            List<Example> prompts = stage.drawn();
            Objective one = stage.fresh();
            Objective other = stage.fresh();
            Experience once = stage.experience(one, prompts);
            long before = stage.engine().liveArrays();
            Experience twice = stage.experience(other, prompts);
            Expect.equal(stage.engine().liveArrays(), before, "arrays alive after a rollout");
            Expect.equal(texts(twice), texts(once), "the examples of another run's rollout");
            Expect.equal(twice.figures(), once.figures(), "the figures of another run's rollout");
            Expect.equal(twice.answers(), once.answers(), "the answers of another run's rollout");
        }
    }

    private static List<String> texts(Experience experience) {
        return experience.examples().stream().map(EncodingChecks::text).toList();
    }

    static void learnable(ObjectiveTrial<?> trial) {
        try (ObjectiveStage stage = trial.stage()) {
            rollouts(stage);
            Experience experience = stage.experience(stage.objective(), stage.drawn());
            Expect.that(!experience.examples().isEmpty(), "a rollout comes to no example");
            experience
                    .figures()
                    .forEach((name, figure) ->
                            Expect.that(Double.isFinite(figure), "the figure " + name + " of a rollout is " + figure));
            for (Example example : experience.examples()) {
                Measured loss = stage.loss(List.of(example));
                Expect.that(
                        Double.isFinite(loss.sum()) && loss.weight() > 0,
                        "the loss of an answer is " + loss.sum() + " over " + loss.weight());
            }
        }
    }
}
