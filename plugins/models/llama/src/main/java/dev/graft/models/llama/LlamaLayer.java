package dev.graft.models.llama;

import dev.graft.spi.model.Activation;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One pre-norm block: {@code h = x + Attention(norm(x))}, {@code h + FeedForward(norm(h))}.
 *
 * @param index number of the block
 * @param rope its rotary positions
 * @param queryNorm normalises each head's queries, or null
 * @param keyNorm normalises each head's keys, or null
 */
record LlamaLayer(
        int index,
        Rope rope,
        NormSite attentionNorm,
        LinearSite query,
        LinearSite key,
        LinearSite value,
        NormSite queryNorm,
        NormSite keyNorm,
        AttentionSite attention,
        LinearSite attentionOutput,
        SublayerSite afterAttention,
        NormSite feedForwardNorm,
        LinearSite gate,
        LinearSite up,
        LinearSite down,
        Activation activation,
        SublayerSite afterFeedForward) {
    /** The block's sites in the order of the forward pass. */
    List<Site> sites() {
        return Stream.<Site>of(
                        attentionNorm,
                        query,
                        key,
                        value,
                        queryNorm,
                        keyNorm,
                        attention,
                        attentionOutput,
                        afterAttention,
                        feedForwardNorm,
                        gate,
                        up,
                        down,
                        afterFeedForward)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The block on {@code [batch, length, hidden]}. */
    Tensor forward(Pass pass, Tensor x, Rotation rotation) {
        Tensor h = pass.sublayer(afterAttention, x, attend(pass, pass.norm(attentionNorm, x), rotation));
        return pass.sublayer(afterFeedForward, h, feedForward(pass, pass.norm(feedForwardNorm, h)));
    }

    private Tensor attend(Pass pass, Tensor x, Rotation rotation) {
        Tensor q = heads(pass, query, x, attention.heads(), queryNorm);
        Tensor k = heads(pass, key, x, attention.keyHeads(), keyNorm);
        Tensor v = heads(pass, value, x, attention.keyHeads(), null);
        Tensor mixed = pass.attend(attention, rotation.turn(q), rotation.turn(k), v, null);
        return pass.linear(attentionOutput, mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1));
    }

    private Tensor heads(Pass pass, LinearSite projection, Tensor x, int count, NormSite norm) {
        Tensor split = pass.linear(projection, x).reshape(x.size(0), x.size(1), count, attention.headSize());
        return (norm == null ? split : pass.norm(norm, split)).transpose(1, 2);
    }

    private Tensor feedForward(Pass pass, Tensor x) {
        Tensor gated = pass.linear(gate, x);
        Tensor widened = pass.linear(up, x);
        return pass.linear(
                down,
                activation == Activation.SILU
                        ? gated.gatedSilu(widened)
                        : activation.apply(gated).mul(widened));
    }
}
