package dev.graft.tck.model;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.spi.model.ModelProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyModel;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model family on one tiny model.
 *
 * @param bench what it runs on
 * @param provider the family
 * @param model the model
 */
public record ModelTrial(Bench bench, ModelProvider provider, TinyModel model) {
    /** A trial for each tiny model that the family has an architecture for. */
    public static List<ModelTrial> of(Bench bench, ModelProvider provider) {
        return Stream.of(TinyModel.values())
                .filter(model -> provider.modelTypes().contains(model.config().modelType()))
                .map(model -> new ModelTrial(bench, provider, model))
                .toList();
    }

    /** The model with weights drawn at random. */
    LoadedModel drawn() {
        return bench.drawn(provider, model, model.config());
    }

    @Override
    public String toString() {
        return model.toString();
    }
}
