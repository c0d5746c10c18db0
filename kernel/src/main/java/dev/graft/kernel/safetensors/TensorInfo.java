package dev.graft.kernel.safetensors;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;

/**
 * What a header says about one tensor.
 *
 * @param name its name
 * @param dtype element type
 * @param shape extents
 * @param offset first byte, counted from the start of the file's data
 * @param bytes number of bytes
 */
public record TensorInfo(String name, DType dtype, Shape shape, long offset, long bytes) {
    /** The byte after the last one, counted from the start of the file's data. */
    public long end() {
        return offset + bytes;
    }
}
