package dev.graft.models.llama;

import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Head;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Room;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Llama decoder (Touvron et al. 2023) and its relatives Mistral, Qwen2 and Qwen3: RMS normalisation before each
 * sublayer, rotary positions, grouped key and value heads, a gated feed-forward layer.
 *
 * @param description its measures
 * @param embedding the token table
 * @param layers its blocks
 * @param norm the last normalisation
 * @param head what becomes of the last hidden states
 */
record LlamaModel(
        ModelDescription description, EmbeddingSite embedding, List<LlamaLayer> layers, NormSite norm, Head head)
        implements Model {
    @Override
    public List<Site> sites() {
        List<Site> sites = new ArrayList<>();
        sites.add(embedding);
        layers.forEach(layer -> sites.addAll(layer.sites()));
        sites.add(norm);
        sites.addAll(head.sites());
        return List.copyOf(sites);
    }

    @Override
    public Output forward(Pass pass, Input input) {
        Tensor h = pass.embed(embedding, input.ids());
        Map<Rope, Rotation> rotations = rotations(pass, h);
        for (LlamaLayer layer : layers) {
            Rotation rotation = rotations.get(layer.rope());
            h = pass.block(layer.index(), h, x -> layer.forward(pass, x, rotation));
        }
        return head.output(pass, pass.norm(norm, h));
    }

    @Override
    public Room room(Set<String> parameters) {
        return BiasRoom.of(description.modelType(), layers, parameters);
    }

    /** Cosines and sines once for the pass; layers share them where they share their rotary positions. */
    private Map<Rope, Rotation> rotations(Pass pass, Tensor hidden) {
        Tensor positions = pass.positions();
        Map<Rope, Rotation> rotations = new HashMap<>();
        for (LlamaLayer layer : layers) {
            rotations.computeIfAbsent(layer.rope(), rope -> Rotation.of(pass, rope, positions, hidden.dtype()));
        }
        return rotations;
    }
}
