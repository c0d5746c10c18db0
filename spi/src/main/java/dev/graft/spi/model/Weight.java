package dev.graft.spi.model;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;

/** A parameter of the frozen base, in whatever form the kernel keeps it: mapped, packed, quantised. Never changes. */
public interface Weight {
    /** The checkpoint's name for it, for instance {@code model.layers.0.self_attn.q_proj.weight}. */
    String name();

    /** Extents as stored. */
    Shape shape();

    /** Element type as kept. */
    DType dtype();

    /** Whether the checkpoint had no such tensor and it was drawn at random, as a new head is. */
    boolean fresh();

    /** The values, dequantised where need be; requires no gradient. */
    Tensor tensor();
}
