package dev.graft.spi.model;

import dev.graft.spi.tensor.Tensors;

/**
 * What a model is built from.
 *
 * @param config the checkpoint's {@code config.json}
 * @param weights its tensors
 * @param task what the head must be for; a head that the checkpoint lacks is created
 * @param labels number of classes of a classification head
 * @param tensors makes tensors, for tables such as rotary frequencies
 */
public record ModelContext(CheckpointConfig config, Weights weights, Task task, int labels, Tensors tensors) {}
