package dev.graft.tck.method;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.bench.FixedBatch;
import dev.graft.tck.bench.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Losses of a batch and their gradients with respect to the parameters of an adapter. */
final class Slope {
    private final LoadedModel model;
    private final AttachedAdapter adapter;
    private final FixedBatch objective;

    Slope(LoadedModel model, AttachedAdapter adapter) {
        this.model = model;
        this.adapter = adapter;
        this.objective = new FixedBatch(model.description().task());
    }

    /** The summed loss of a batch. */
    double loss(Tokens tokens) {
        try (Scope scope = model.tensors().scope()) {
            return sum(tokens, PassOptions.inference()).item();
        }
    }

    /** Gradients of the summed loss by name; null where nothing flowed to a parameter. */
    Map<String, double[]> gradients(Tokens tokens) {
        return gradients(tokens, PassOptions.inference());
    }

    /** The same as training computes them, with dropout from a seed, with or without recomputing blocks. */
    Map<String, double[]> training(Tokens tokens, long seed, boolean checkpointing) {
        return gradients(tokens, PassOptions.training(RandomStream.seeded(seed), checkpointing));
    }

    private Map<String, double[]> gradients(Tokens tokens, PassOptions options) {
        List<Parameter> parameters = adapter.attachment().parameters();
        List<Tensor> leaves = parameters.stream().map(Parameter::tensor).toList();
        Map<String, double[]> byName = new LinkedHashMap<>();
        try (Scope scope = model.tensors().scope();
                Gradients gradients = model.tensors().backward(sum(tokens, options), leaves)) {
            for (int i = 0; i < leaves.size(); i++) {
                Array gradient = gradients.get(leaves.get(i));
                byName.put(
                        parameters.get(i).name(),
                        gradient == null ? null : Doubles.of(model.tensors().engine(), gradient));
            }
        }
        return byName;
    }

    private Tensor sum(Tokens tokens, PassOptions options) {
        RowAssignment rows = RowAssignment.all(List.of(adapter));
        return objective
                .loss(new ModelRunner(model, rows, options), objective.batch(model.tensors(), tokens))
                .sum();
    }
}
