package dev.graft.objectives.ppo;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.tensor.Tensor;

/**
 * The clipped losses of PPO (Schulman et al. 2017, arXiv:1707.06347), as sums over the tokens that count. With
 * {@code ratio = p / p_old} of a token, A its advantage, V its value, V_old that of the rollout and R its return,
 *
 * <pre>{@code
 * policy = max(-A ratio, -A clip(ratio, 1 - c, 1 + c))
 * value  = 0.5 max((V - R)^2, (V_old + clip(V - V_old, -c_v, c_v) - R)^2)
 * }</pre>
 *
 * Means are over tokens, not over answers: sums over the tokens of a batch, divided by their number, as TRL's masked mean
 * has it.
 *
 * @param clip c
 * @param valueClip c_v
 */
record ClippedLoss(double clip, double valueClip) {
    /**
     * What a rollout recorded of the tokens of a batch, each {@code [rows, tokens]} and 0 where there is none.
     *
     * @param logs log-probabilities under the policy that answered
     * @param values what the value head said
     * @param advantages how much better than expected
     * @param returns what the values should be
     * @param mask 1 for tokens of answers, else 0
     */
    record Recorded(Tensor logs, Tensor values, Tensor advantages, Tensor returns, Tensor mask) {}

    /**
     * Sums over the tokens of a batch, each a scalar.
     *
     * @param policy policy loss
     * @param value value loss
     * @param divergence half the squared change of the log-probability, which estimates the divergence from the policy that
     *     answered
     * @param clipped tokens whose ratio is further from 1 than the range
     */
    record Sums(Tensor policy, Tensor value, Tensor divergence, Tensor clipped) {}

    /**
     * The sums.
     *
     * @param logs log-probabilities now
     * @param values values now
     */
    Sums of(Recorded old, Tensor logs, Tensor values) {
        Tensor change = logs.sub(old.logs()).mul(old.mask());
        Tensor ratio = change.exp();
        Tensor loss = old.advantages().neg();
        Tensor policy = loss.mul(ratio).apply(Binary.MAX, loss.mul(ratio.clamp(1 - clip, 1 + clip)));
        Tensor moved = values.sub(old.values()).clamp(-valueClip, valueClip).add(old.values());
        Tensor free = values.sub(old.returns()).square();
        Tensor held = moved.sub(old.returns()).square();
        Tensor value = free.apply(Binary.MAX, held).mul(0.5);
        Tensor distance = ratio.detach().sub(1);
        Tensor outside = distance.apply(Binary.MAX, distance.neg()).apply(Binary.GT, clip);
        return new Sums(
                policy.mul(old.mask()).sum(),
                value.mul(old.mask()).sum(),
                change.detach().square().mul(0.5).sum(),
                outside.cast(logs.dtype()).mul(old.mask()).sum());
    }
}
