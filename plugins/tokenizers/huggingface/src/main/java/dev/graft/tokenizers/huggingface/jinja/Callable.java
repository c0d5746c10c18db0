package dev.graft.tokenizers.huggingface.jinja;

/** A function, a method bound to its object, or a macro. */
@FunctionalInterface
public interface Callable {
    /** Runs it. */
    Object call(Arguments arguments);
}
