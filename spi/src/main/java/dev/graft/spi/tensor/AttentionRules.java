package dev.graft.spi.tensor;

/**
 * Which keys a query may see; the differentiable twin of {@link dev.graft.spi.engine.Attention.Rules}.
 *
 * @param scale factor on the dot products
 * @param causal whether later keys are hidden from earlier queries; the last query sees the last key
 * @param mask truth values broadcasting to {@code [batch, heads, queries, keys]}, true = may attend; or null
 * @param bias added to the scaled dot products, broadcasting alike, may require a gradient; or null
 */
public record AttentionRules(double scale, boolean causal, Tensor mask, Tensor bias) {}
