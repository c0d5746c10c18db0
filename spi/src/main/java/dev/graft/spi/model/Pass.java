package dev.graft.spi.model;

import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.function.UnaryOperator;

/**
 * One run through a model. A model hands the work at each of its sites to the pass, which composes the frozen base with
 * the attachments of every row, keeps the key-value cache, and builds attention masks.
 */
public interface Pass {
    /** Makes tensors. */
    Tensors tensors();

    /** Whether this pass trains, so that the model's own dropout applies. */
    boolean training();

    /**
     * Looks ids up. At the token table, virtual tokens of the rows' attachments are put in front, so the result may be
     * longer than {@code ids}.
     *
     * @param ids {@code [batch, length]}
     * @return {@code [batch, length', width]}
     */
    Tensor embed(EmbeddingSite site, Tensor ids);

    /**
     * Position of every embedded token, virtual ones included, counted from 0 per row (or per packed sequence) over
     * unmasked tokens, after what the cache holds; {@code [batch, length']}. Call after embedding the tokens.
     */
    Tensor positions();

    /** {@code x W^T + b} with the rows' attachments; {@code [..., in]} to {@code [..., out]}, the batch axis first. */
    Tensor linear(LinearSite site, Tensor x);

    /** Normalises the last axis. */
    Tensor norm(NormSite site, Tensor x);

    /**
     * Attends, after appending keys and values to the cache and putting those of attachments in front.
     *
     * @param query {@code [batch, heads, queries, headSize]}
     * @param key {@code [batch, keyHeads, length, headSize]}, of the new tokens only
     * @param value as {@code key}
     * @param bias added to the scaled dot products, broadcasting to {@code [batch, heads, queries, keys]}; or null
     * @return {@code [batch, heads, queries, headSize]}
     */
    Tensor attend(AttentionSite site, Tensor query, Tensor key, Tensor value, Tensor bias);

    /** Joins a sublayer's output to the residual stream, and normalises the sum where the site says so. */
    Tensor sublayer(SublayerSite site, Tensor residual, Tensor output);

    /** Runs block {@code index} in a scope of its own: what only the block needed is freed at its end. */
    Tensor block(int index, Tensor hidden, UnaryOperator<Tensor> block);

    /** The model's own dropout; the identity unless training. */
    Tensor dropout(Tensor x, double probability);

    /**
     * Index of the first real token of each row in the embedded sequence, virtual ones included, {@code [batch]}: where
     * encoders' classifiers read.
     */
    Tensor firstTokens();

    /**
     * Index of the last real token of each row in the embedded sequence, {@code [batch]}: where causal classifiers
     * read.
     */
    Tensor lastTokens();

    /**
     * {@code -log softmax(linear(site, x))[label]}, without holding all logits where nothing is attached to the site.
     *
     * @param x {@code [batch, length', in]}
     * @param labels {@code [batch, length]}, -100 = ignored; virtual tokens in front of {@code x} are ignored
     * @param shift whether the label of token {@code i + 1} is predicted at token {@code i}
     * @return losses {@code [batch, length]}, 0 where ignored, at the positions of the labels
     */
    Tensor vocabularyLoss(LinearSite site, Tensor x, Tensor labels, boolean shift);
}
