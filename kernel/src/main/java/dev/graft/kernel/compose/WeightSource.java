package dev.graft.kernel.compose;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;

/** Where frozen weights come from: a checkpoint's files. */
public interface WeightSource extends AutoCloseable {
    /** Whether there is a tensor of this name. */
    boolean contains(String name);

    /** Extents of a tensor, without reading it. */
    Shape shape(String name);

    /** Reads a tensor as it is stored; it may share mapped memory with the file. */
    Array load(Engine engine, String name);

    /** What to call the source in messages, for instance a directory. */
    String describe();

    /** Frees what the source holds; arrays that share its memory must be closed before. */
    @Override
    void close();

    /** A source without tensors, for models that begin with random weights. */
    static WeightSource nothing(String description) {
        return new WeightSource() {
            @Override
            public boolean contains(String name) {
                return false;
            }

            @Override
            public Shape shape(String name) {
                throw new IllegalArgumentException(description + " holds no tensor " + name);
            }

            @Override
            public Array load(Engine engine, String name) {
                throw new IllegalArgumentException(description + " holds no tensor " + name);
            }

            @Override
            public String describe() {
                return description;
            }

            @Override
            public void close() {}
        };
    }
}
