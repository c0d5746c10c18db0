package dev.graft.kernel.sample;

import dev.graft.kernel.compose.FrozenWeights;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.WeightSource;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A decoder with learned positions and two blocks of attention and feed-forward, its weights drawn at random. */
public final class SmallDecoder implements Model {
    /** Size of its vocabulary. */
    public static final int VOCABULARY = 40;

    private static final int WIDTH = 8;
    private static final int HEADS = 2;
    private static final int LAYERS = 2;

    private record Block(
            NormSite norm,
            LinearSite query,
            LinearSite key,
            LinearSite value,
            AttentionSite attention,
            SublayerSite after,
            LinearSite up) {}

    private final int maxPositions;
    private final FrozenWeights weights;
    private final EmbeddingSite tokens;
    private final EmbeddingSite positions;
    private final List<Block> blocks = new ArrayList<>();
    private final LinearSite vocabulary;
    private final List<Site> sites = new ArrayList<>();

    private SmallDecoder(FrozenWeights weights, int maxPositions) {
        this.weights = weights;
        this.maxPositions = maxPositions;
        tokens = table("tokens", EmbeddingSite.Role.TOKEN, VOCABULARY);
        positions = table("positions", EmbeddingSite.Role.POSITION, maxPositions);
        for (int layer = 0; layer < LAYERS; layer++) {
            blocks.add(block(layer));
        }
        vocabulary = linear("head", Role.VOCABULARY, Integer.MAX_VALUE, VOCABULARY);
    }

    /** A model to be closed by the caller. */
    public static LoadedModel load(GraftTensors tensors, DType dtype, int maxPositions) {
        FrozenWeights weights = new FrozenWeights(
                tensors,
                WeightSource.nothing("a small decoder"),
                new FrozenWeights.Policy(dtype, true, 0.6, RandomStream.seeded(11)));
        return new LoadedModel(tensors, weights, new SmallDecoder(weights, maxPositions));
    }

    private Block block(int layer) {
        String name = "blocks." + layer;
        NormSite norm = site(new NormSite(
                name + ".norm",
                NormSite.Kind.RMS,
                layer,
                weights.require(name + ".norm.weight", Shape.of(WIDTH)),
                null,
                1e-6));
        AttentionSite attention = new AttentionSite(
                name + ".attention", AttentionSite.Kind.CAUSAL, layer, HEADS, HEADS, WIDTH / HEADS, 0.5, 0, 0);
        return new Block(
                norm,
                linear(name + ".query", Role.QUERY, layer, WIDTH),
                linear(name + ".key", Role.KEY, layer, WIDTH),
                linear(name + ".value", Role.VALUE, layer, WIDTH),
                site(attention),
                site(new SublayerSite(name + ".after", SublayerSite.Kind.ATTENTION, layer, WIDTH, null)),
                linear(name + ".up", Role.FFN_UP, layer, WIDTH));
    }

    private EmbeddingSite table(String name, EmbeddingSite.Role role, int rows) {
        return site(new EmbeddingSite(name, role, weights.require(name + ".weight", Shape.of(rows, WIDTH)), 1));
    }

    private LinearSite linear(String name, Role role, int layer, int outputs) {
        return site(new LinearSite(
                name, role, layer, weights.require(name + ".weight", Shape.of(outputs, WIDTH)), null, false));
    }

    private <S extends Site> S site(S site) {
        sites.add(site);
        return site;
    }

    @Override
    public ModelDescription description() {
        return new ModelDescription(
                "small",
                "SmallForCausalLM",
                Task.CAUSAL_LM,
                LAYERS,
                WIDTH,
                HEADS,
                HEADS,
                WIDTH / HEADS,
                VOCABULARY,
                maxPositions,
                0,
                -1);
    }

    @Override
    public List<Site> sites() {
        return sites;
    }

    @Override
    public Output forward(Pass pass, Input input) {
        Tensor h = pass.embed(tokens, input.ids());
        h = h.add(pass.embed(positions, pass.positions()));
        for (int layer = 0; layer < LAYERS; layer++) {
            Block block = blocks.get(layer);
            h = pass.block(layer, h, x -> forward(pass, block, x));
        }
        return Output.vocabulary(pass, h, UnaryOperator.identity(), vocabulary);
    }

    private static Tensor forward(Pass pass, Block block, Tensor h) {
        Tensor x = pass.norm(block.norm(), h);
        Tensor attended = pass.attend(
                block.attention(),
                heads(pass.linear(block.query(), x)),
                heads(pass.linear(block.key(), x)),
                heads(pass.linear(block.value(), x)),
                null);
        Tensor joined = attended.permute(0, 2, 1, 3).reshape(h.shape().toArray());
        Tensor after = pass.sublayer(block.after(), h, joined);
        return after.add(pass.linear(block.up(), after).tanh());
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(x.size(0), x.size(1), HEADS, WIDTH / HEADS).permute(0, 2, 1, 3);
    }
}
