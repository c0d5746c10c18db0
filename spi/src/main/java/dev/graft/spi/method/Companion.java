package dev.graft.spi.method;

/**
 * An attachment that learns beside another one, which may look at its parameters but never changes them.
 *
 * @param name its adapter's name, unique in the run and the same when the adapter is loaded again
 * @param method the id of the method that made it
 * @param attachment the attachment
 */
public record Companion(String name, String method, Attachment attachment) {}
