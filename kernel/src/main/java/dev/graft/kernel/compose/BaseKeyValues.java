package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.KeyValues;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the bare base remembers of a text: its keys and values, read out of the cache of one pass. */
final class BaseKeyValues {
    private BaseKeyValues() {}

    /**
     * Keys and values of one sequence, in the current scope.
     *
     * @throws ConfigurationException if there are no tokens, or the sequence does not fit the model
     */
    static Map<String, KeyValues> of(LoadedModel model, int[] ids) {
        if (ids.length == 0) {
            throw new ConfigurationException("a text without tokens has no keys and values");
        }
        GraftTensors tensors = model.tensors();
        Map<String, KeyValues> bySite = new LinkedHashMap<>();
        tensors.withoutGradient(() -> {
            try (KeyValueCache cache = new KeyValueCache(tensors.engine())) {
                try (Scope scope = tensors.scope()) {
                    long[] tokens = Arrays.stream(ids).asLongStream().toArray();
                    Input input = Input.of(tensors.of(tokens, Shape.of(1, tokens.length)), null);
                    model.forward(input, RowAssignment.base(), PassOptions.cached(cache));
                }
                for (AttentionSite site :
                        model.view().sites(AttentionSite.class).toList()) {
                    bySite.put(
                            site.name(),
                            new KeyValues(
                                    copy(tensors, site, cache.keys(site.name())),
                                    copy(tensors, site, cache.values(site.name()))));
                }
                return List.of();
            }
        });
        return bySite;
    }

    private static Tensor copy(GraftTensors tensors, AttentionSite site, Array view) {
        try (view) {
            return tensors.wrap(tensors.engine().copy(view))
                    .reshape(site.keyHeads(), view.shape().size(2), site.headSize());
        }
    }
}
