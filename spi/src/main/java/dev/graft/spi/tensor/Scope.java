package dev.graft.spi.tensor;

/**
 * A span of the program after which tensors are freed. A tensor belongs to the innermost scope open on its thread when
 * it was made. Scopes are closed in the reverse order of opening, on the thread that opened them.
 *
 * <p>What a pending backward pass still needs survives the close of its scope and is freed by that pass.
 */
public interface Scope extends AutoCloseable {
    /** Moves a tensor to the enclosing scope, so that it outlives this one; returns it. */
    Tensor keep(Tensor tensor);

    /** Frees the tensors of this scope. */
    @Override
    void close();
}
