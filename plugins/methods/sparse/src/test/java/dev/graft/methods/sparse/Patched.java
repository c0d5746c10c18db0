package dev.graft.methods.sparse;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterPatch;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What sparse adapters make of the base's weights. */
final class Patched {
    private Patched() {}

    /** Attaches a fresh adapter. */
    static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        SparseConfig config = ConfigurationBinder.bind(SparseConfig.class, keys, "methods[0]");
        return AdapterBuilder.attach(model, new SparseProvider(), config, AdapterBuilder.Setting.fresh("sparse", 1));
    }

    /** Values of all patched weights, by name. */
    static Map<String, float[]> weights(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Scope scope = bench.tensors().scope()) {
            Map<String, ParameterPatch> patches = adapter.attachment().patches().parameter();
            for (Weight weight : model.weights().all()) {
                ParameterPatch patch = patches.get(weight.name());
                if (patch != null) {
                    values.put(weight.name(), patch.value(null, weight.tensor()).floats());
                }
            }
        }
        return values;
    }

    /** How many elements have other bits than the base's. */
    static long differing(Map<String, float[]> patched, LoadedModel model) {
        long differing = 0;
        for (Weight weight : model.weights().all()) {
            float[] own = patched.get(weight.name());
            float[] base = weight.tensor().floats();
            for (int i = 0; own != null && i < own.length; i++) {
                differing += Float.floatToRawIntBits(own[i]) == Float.floatToRawIntBits(base[i]) ? 0 : 1;
            }
        }
        return differing;
    }

    /** Shows an adapter the squared gradients that it asks for, each row of tokens an example. */
    static Map<String, float[]> calibrate(Bench bench, LoadedModel model, AttachedAdapter adapter, Tokens tokens) {
        Calibration wanted = adapter.attachment().calibration().orElseThrow();
        Map<Parameter, Tensor> squares = new LinkedHashMap<>();
        Map<String, float[]> seen = new LinkedHashMap<>();
        try (Scope scope = bench.tensors().scope()) {
            for (int row = 0; row < tokens.rows(); row++) {
                add(squares, gradients(bench, model, adapter, tokens.alone(row), wanted.parameters()), tokens.rows());
            }
            adapter.attachment().calibrated(squares);
            squares.forEach((parameter, square) -> seen.put(parameter.name(), square.floats()));
        }
        return seen;
    }

    private static void add(Map<Parameter, Tensor> squares, Map<Parameter, Tensor> gradients, int examples) {
        gradients.forEach((parameter, gradient) ->
                squares.merge(parameter, gradient.square().mul(1.0 / examples), Tensor::add));
    }

    private static Map<Parameter, Tensor> gradients(
            Bench bench, LoadedModel model, AttachedAdapter adapter, Tokens row, List<Parameter> parameters) {
        var input = bench.input(row.ids(), row.mask());
        Tensor loss = model.forward(input, RowAssignment.all(List.of(adapter)), PassOptions.inference())
                .tokenLosses(input.ids(), true)
                .mean();
        List<Tensor> leaves = parameters.stream().map(Parameter::tensor).toList();
        Map<Parameter, Tensor> found = new LinkedHashMap<>();
        try (Gradients gradients = bench.tensors().backward(loss, leaves)) {
            for (int i = 0; i < leaves.size(); i++) {
                found.put(parameters.get(i), bench.tensors().wrap(gradients.take(leaves.get(i))));
            }
        }
        return found;
    }
}
