package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Room;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model with its weights in memory, ready to run with any assignment of adapters. Owns the weights. */
public final class LoadedModel implements AutoCloseable {
    private final GraftTensors tensors;
    private final FrozenWeights weights;
    private final Model model;
    private final boolean owner;

    /** Takes the weights over. */
    public LoadedModel(GraftTensors tensors, FrozenWeights weights, Model model) {
        this(tensors, weights, model, true);
    }

    private LoadedModel(GraftTensors tensors, FrozenWeights weights, Model model, boolean owner) {
        this.tensors = tensors;
        this.weights = weights;
        this.model = model;
        this.owner = owner;
    }

    /**
     * The same weights under another model, for instance with another head; to be closed before this one, which goes on
     * owning them.
     */
    public LoadedModel sharing(Model other) {
        return new LoadedModel(tensors, weights, other, false);
    }

    /**
     * What models on the same weights have in common, for what is attached to all of them: sites of one name and one weight,
     * without heads that classify. To be closed before the first of them.
     *
     * @param models at least one, all {@link #sharing} the same weights
     */
    public static LoadedModel trunk(List<LoadedModel> models) {
        LoadedModel first = models.get(0);
        return models.stream().allMatch(first::equals)
                ? first
                : first.sharing(
                        new SharedTrunk(models.stream().map(one -> one.model).toList()));
    }

    /** This model without a head that classifies, for what several tasks share. To be closed before this one. */
    public LoadedModel headless() {
        return sharing(new SharedTrunk(List.of(model)));
    }

    /** Makes the tensors this model computes with. */
    public GraftTensors tensors() {
        return tensors;
    }

    /** The model's measures. */
    public ModelDescription description() {
        return model.description();
    }

    /** What a merged checkpoint needs to hold parameters that this one lacks. */
    public Room room(Set<String> parameters) {
        return model.room(parameters);
    }

    /** The model as methods see it. */
    public ModelView view() {
        return new ModelView(model.description(), model.sites());
    }

    /**
     * Weights by the names under which sites use them, {@code site.weight} and {@code site.bias}. A weight used at two
     * sites stands under both names.
     */
    public Map<String, Weight> weightsByName() {
        Map<String, Weight> byName = new LinkedHashMap<>();
        for (Site site : model.sites()) {
            if (site instanceof LinearSite linear) {
                put(byName, site, linear.weight(), linear.bias());
            } else if (site instanceof EmbeddingSite embedding) {
                put(byName, site, embedding.weight(), null);
            } else if (site instanceof NormSite norm) {
                put(byName, site, norm.weight(), norm.bias());
            }
        }
        return byName;
    }

    private static void put(Map<String, Weight> byName, Site site, Weight weight, Weight bias) {
        byName.put(site.name() + ".weight", weight);
        if (bias != null) {
            byName.put(site.name() + ".bias", bias);
        }
    }

    /** The name a weight has in the checkpoint, which may leave out its beginning or spell it in an older way. */
    public String storedName(Weight weight) {
        return FrozenWeights.frozen(weight).name();
    }

    /** The frozen weights. */
    public FrozenWeights weights() {
        return weights;
    }

    /**
     * Runs the model in the current scope, and adds to the cache if the options hold one.
     *
     * @throws ConfigurationException if a token id is outside the vocabulary or a sequence too long
     */
    public Output forward(Input input, RowAssignment rows, PassOptions options) {
        checkIds(input.ids());
        KernelPass pass =
                new KernelPass(tensors, input, rows, options, description().maxPositions());
        Output output = model.forward(pass, input);
        pass.complete();
        return output;
    }

    private void checkIds(Tensor ids) {
        int vocabulary = model.description().vocabulary();
        long[] values = ids.longs();
        long length = ids.size(1);
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= vocabulary) {
                throw new ConfigurationException("token id " + values[i] + " at row " + i / length + ", position "
                        + i % length + " is outside the vocabulary of " + vocabulary + " entries");
            }
        }
    }

    @Override
    public void close() {
        if (owner) {
            weights.close();
        }
    }
}
