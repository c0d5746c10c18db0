package dev.graft.spi.engine;

/** A weight that never changes, in the form in which an engine multiplies with it fastest. */
public interface FrozenMatrix extends AutoCloseable {
    /** Number of inputs. */
    long inputs();

    /** Number of outputs. */
    long outputs();

    /** Element type in which the weight is held. */
    DType dtype();

    /** Frees the prepared form. */
    @Override
    void close();
}
