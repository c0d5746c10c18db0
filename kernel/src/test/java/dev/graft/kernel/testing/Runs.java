package dev.graft.kernel.testing;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;

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

    /** Logits of the bare base. */
    public static float[] logits(Bench bench, LoadedModel model, Tokens tokens, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(bench.input(tokens.ids(), tokens.mask()), RowAssignment.base(), options)
                    .logits()
                    .floats();
        }
    }
}
