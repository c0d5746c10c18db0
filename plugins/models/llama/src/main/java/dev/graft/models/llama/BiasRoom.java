package dev.graft.models.llama;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Room;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The biases that a decoder may have by its configuration: {@code attention_bias} turns those of queries, keys, values
 * and the projection after attention on together (Llama, Qwen3), {@code mlp_bias} those of the feed-forward layer (Llama).
 */
final class BiasRoom {
    private final Map<String, Object> config = new HashMap<>();
    private final Map<String, Shape> parameters = new HashMap<>();

    private BiasRoom() {}

    /** The room for those of the parameters that there is room for. */
    static Room of(String modelType, List<LlamaLayer> layers, Set<String> wanted) {
        BiasRoom room = new BiasRoom();
        if (modelType.equals("llama") || modelType.equals("qwen3")) {
            room.open(
                    "attention_bias",
                    wanted,
                    layers.stream()
                            .flatMap(layer ->
                                    Stream.of(layer.query(), layer.key(), layer.value(), layer.attentionOutput()))
                            .toList());
        }
        if (modelType.equals("llama")) {
            room.open(
                    "mlp_bias",
                    wanted,
                    layers.stream()
                            .flatMap(layer -> Stream.of(layer.gate(), layer.up(), layer.down()))
                            .toList());
        }
        return new Room(room.config, room.parameters);
    }

    private void open(String key, Set<String> wanted, List<LinearSite> sites) {
        if (sites.stream().anyMatch(site -> site.bias() == null && wanted.contains(name(site)))) {
            config.put(key, true);
            sites.forEach(site -> parameters.put(name(site), Shape.of(site.outputs())));
        }
    }

    private static String name(LinearSite site) {
        return site.name() + ".bias";
    }
}
