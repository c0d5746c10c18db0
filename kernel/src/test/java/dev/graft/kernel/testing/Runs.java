package dev.graft.kernel.testing;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.List;

/** Runs a model on the host's behalf. */
public final class Runs {
    private Runs() {}

    /** Logits of the bare base. */
    public static float[] logits(Bench bench, LoadedModel model, Tokens tokens) {
        return logits(bench, model, tokens, PassOptions.inference());
    }

    /** Logits of the bare base as training computes them, with dropout drawn from a seed. */
    public static float[] trainingLogits(Bench bench, LoadedModel model, Tokens tokens, long seed) {
        return logits(bench, model, tokens, PassOptions.training(RandomStream.seeded(seed), false));
    }

    /** Logits with an adapter. */
    public static float[] logits(Bench bench, LoadedModel model, Tokens tokens, AttachedAdapter adapter) {
        return logits(bench, model, tokens, RowAssignment.all(List.of(adapter)), PassOptions.inference());
    }

    /** Logits of the bare base. */
    public static float[] logits(Bench bench, LoadedModel model, Tokens tokens, PassOptions options) {
        return logits(bench, model, tokens, RowAssignment.base(), options);
    }

    private static float[] logits(
            Bench bench, LoadedModel model, Tokens tokens, RowAssignment rows, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(bench.input(tokens.ids(), tokens.mask()), rows, options)
                    .logits()
                    .floats();
        }
    }
}
