package dev.graft.kernel.model;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import dev.graft.spi.scorer.Judge;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Opens judges beside the model of a run.
 *
 * @param registry the installed plugins
 * @param base the run's model
 * @param directory where that was loaded from
 * @param tokenizer its tokenizer
 */
public record ModelJudges(Plugins registry, LoadedModel base, Path directory, Tokenizer tokenizer) implements Judges {
    @Override
    public Judge upon(Path adapter, int outputs) {
        LoadedModel model = new ModelLoader(registry, base.tensors()).sibling(base, directory, Task.SEQ_CLS, outputs);
        List<AttachedAdapter> adapters = new AdapterLoader(registry, tokenizer).load(adapter, model);
        return headed(new ModelJudge(model, adapters, tokenizer, List.of(), List.of(model)), adapter);
    }

    @Override
    public Judge checkpoint(Path own) {
        ModelLoader loader = new ModelLoader(registry, base.tensors());
        CheckpointConfig config;
        try (Checkpoint checkpoint = Checkpoint.openWithoutWeights(own)) {
            config = checkpoint.config();
        }
        if (loader.task(config) != Task.SEQ_CLS) {
            throw new ConfigurationException(own + " is no model to score with: its architecture "
                    + String.join(", ", config.architectures()) + " has no head per sequence");
        }
        LoadedModel model = loader.load(own, new ModelLoader.Options(null, Task.SEQ_CLS, 0, false, 0));
        Tokenizer reads;
        try {
            reads = ModelDirectory.tokenizer(registry, own);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        return headed(new ModelJudge(model, List.of(), reads, labels(config), List.of(reads, model)), own);
    }

    private static Judge headed(ModelJudge judge, Path source) {
        List<String> untrained = judge.untrained();
        if (!untrained.isEmpty()) {
            judge.close();
            throw new ConfigurationException(source + " brings no values for " + String.join(", ", untrained)
                    + ", so that its scores would be random; it must be a model with a head per sequence");
        }
        return judge;
    }

    private static List<String> labels(CheckpointConfig config) {
        if (!(config.asMap().get("id2label") instanceof Map<?, ?> names)) {
            return List.of();
        }
        Map<Integer, String> ordered = new TreeMap<>();
        try {
            names.forEach((id, name) -> ordered.put(Integer.valueOf(String.valueOf(id)), String.valueOf(name)));
        } catch (NumberFormatException e) {
            return List.of();
        }
        return List.copyOf(ordered.values());
    }
}
