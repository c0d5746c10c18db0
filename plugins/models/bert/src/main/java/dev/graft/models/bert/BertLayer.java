package dev.graft.models.bert;

import dev.graft.spi.model.Activation;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * One post-norm block: {@code h = norm(x + Attention(x))}, {@code norm(h + FeedForward(h))}.
 *
 * @param index number of the block
 * @param afterAttention joins attention to the stream and normalises
 * @param afterFeedForward joins the feed-forward layer to the stream and normalises
 * @param dropout dropout on what joins the residual stream
 */
record BertLayer(
        int index,
        LinearSite query,
        LinearSite key,
        LinearSite value,
        AttentionSite attention,
        LinearSite attentionOutput,
        SublayerSite afterAttention,
        LinearSite up,
        LinearSite down,
        SublayerSite afterFeedForward,
        Activation activation,
        double dropout) {
    /** The block's sites in the order of the forward pass. */
    List<Site> sites() {
        return List.of(
                query,
                key,
                value,
                attention,
                attentionOutput,
                afterAttention,
                afterAttention.norm(),
                up,
                down,
                afterFeedForward,
                afterFeedForward.norm());
    }

    /** The block on {@code [batch, length, hidden]}. */
    Tensor forward(Pass pass, Tensor x) {
        Tensor h = pass.sublayer(afterAttention, x, attend(pass, x));
        return pass.sublayer(afterFeedForward, h, feedForward(pass, h));
    }

    private Tensor attend(Pass pass, Tensor x) {
        Tensor mixed = pass.attend(attention, heads(pass, query, x), heads(pass, key, x), heads(pass, value, x), null);
        Tensor merged = mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1);
        return pass.dropout(pass.linear(attentionOutput, merged), dropout);
    }

    private Tensor heads(Pass pass, LinearSite projection, Tensor x) {
        return pass.linear(projection, x)
                .reshape(x.size(0), x.size(1), attention.heads(), attention.headSize())
                .transpose(1, 2);
    }

    private Tensor feedForward(Pass pass, Tensor x) {
        return pass.dropout(pass.linear(down, activation.apply(pass.linear(up, x))), dropout);
    }
}
