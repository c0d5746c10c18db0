package dev.graft.models.gpt2;

import dev.graft.spi.model.Activation;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * One pre-norm block: {@code h = x + Attention(norm(x))}, {@code h + FeedForward(norm(h))}.
 *
 * @param index number of the block
 * @param queryKeyValue queries, keys and values in one projection
 * @param dropout dropout on what joins the residual stream
 */
record Gpt2Layer(
        int index,
        NormSite attentionNorm,
        LinearSite queryKeyValue,
        AttentionSite attention,
        LinearSite attentionOutput,
        SublayerSite afterAttention,
        NormSite feedForwardNorm,
        LinearSite up,
        LinearSite down,
        SublayerSite afterFeedForward,
        Activation activation,
        double dropout) {
    /** The block's sites in the order of the forward pass. */
    List<Site> sites() {
        return List.of(
                attentionNorm,
                queryKeyValue,
                attention,
                attentionOutput,
                afterAttention,
                feedForwardNorm,
                up,
                down,
                afterFeedForward);
    }

    /** The block on {@code [batch, length, hidden]}. */
    Tensor forward(Pass pass, Tensor x) {
        Tensor h = pass.sublayer(afterAttention, x, attend(pass, pass.norm(attentionNorm, x)));
        return pass.sublayer(afterFeedForward, h, feedForward(pass, pass.norm(feedForwardNorm, h)));
    }

    private Tensor attend(Pass pass, Tensor x) {
        Tensor qkv = pass.linear(queryKeyValue, x);
        Tensor mixed = pass.attend(attention, heads(qkv, 0), heads(qkv, 1), heads(qkv, 2), null);
        Tensor merged = mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1);
        return pass.dropout(pass.linear(attentionOutput, merged), dropout);
    }

    /** One third of the joint projection, {@code [batch, heads, length, headSize]}. */
    private Tensor heads(Tensor qkv, int third) {
        long width = qkv.size(2) / 3;
        return qkv.slice(2, third * width, (third + 1) * width)
                .reshape(qkv.size(0), qkv.size(1), attention.heads(), attention.headSize())
                .transpose(1, 2);
    }

    private Tensor feedForward(Pass pass, Tensor x) {
        return pass.dropout(pass.linear(down, activation.apply(pass.linear(up, x))), dropout);
    }
}
