package dev.graft.spi.engine;

/** Parameter updates in place. */
public interface Updates {
    /**
     * Settings of one AdamW step.
     *
     * @param learningRate step size
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     * @param weightDecay decoupled decay, applied as {@code w -= learningRate * weightDecay * w}
     * @param step number of this step, from 1, for bias correction
     */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {}

    /**
     * One step of Adam with decoupled weight decay (Loshchilov and Hutter 2019); all four arrays share a shape, and
     * all but the gradient are overwritten.
     *
     * <p>It MUST give its definition and leave the gradient alone (rule 10.20).
     */
    void adamW(Array parameter, Array gradient, Array firstMoment, Array secondMoment, AdamW settings);
}
