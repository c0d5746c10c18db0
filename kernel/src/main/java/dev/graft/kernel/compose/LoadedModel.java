package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.Tensor;

/** A model with its weights in memory, ready to run with any assignment of adapters. Owns the weights. */
public final class LoadedModel implements AutoCloseable {
    private final GraftTensors tensors;
    private final FrozenWeights weights;
    private final Model model;

    /** Takes the weights over. */
    public LoadedModel(GraftTensors tensors, FrozenWeights weights, Model model) {
        this.tensors = tensors;
        this.weights = weights;
        this.model = model;
    }

    /** Makes the tensors this model computes with. */
    public GraftTensors tensors() {
        return tensors;
    }

    /** The model's measures. */
    public ModelDescription description() {
        return model.description();
    }

    /** The model as methods see it. */
    public ModelView view() {
        return new ModelView(model.description(), model.sites());
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
        weights.close();
    }
}
