package dev.graft.kernel.verify;

import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;

/** The most likely continuation of one prompt, token by token through the key-value cache. */
final class GreedyText {
    private GreedyText() {}

    static long[] extend(LoadedModel model, long[] prompt, int length) {
        GraftTensors tensors = model.tensors();
        long[] all = Arrays.copyOf(prompt, length);
        try (KeyValueCache cache = new KeyValueCache(tensors.engine())) {
            int seen = 0;
            for (int known = prompt.length; known < length; known++) {
                long[] fresh = Arrays.copyOfRange(all, seen, known);
                all[known] = tensors.withoutGradient(() -> next(model, fresh, cache));
                seen = known;
            }
        }
        return all;
    }

    private static long next(LoadedModel model, long[] fresh, KeyValueCache cache) {
        GraftTensors tensors = model.tensors();
        try (Scope scope = tensors.scope()) {
            Input input = Input.of(tensors.of(fresh, Shape.of(1, fresh.length)), null);
            var output = model.forward(input, RowAssignment.base(), PassOptions.cached(cache));
            Tensor hidden = output.hidden();
            Tensor last = hidden.slice(1, hidden.size(1) - 1, hidden.size(1));
            return output.head().apply(last).argMax(-1).longs()[0];
        }
    }
}
