package dev.graft.kernel.verify;

import java.util.Map;

/**
 * What training a case's adapter on its one batch came to.
 *
 * @param losses before each step, and after the last
 * @param firstNorm norm of the first step's gradients
 * @param logits after the last step
 * @param state the trained tensors by their names on disk
 */
record Trajectory(double[] losses, double firstNorm, float[] logits, Map<String, float[]> state) {}
