package dev.graft.spi.method;

/**
 * An attachment that another one is built upon. It is frozen, and its patches act only where the outer attachment has
 * them act.
 *
 * @param name its adapter's name
 * @param method the id of the method that made it
 * @param attachment the attachment
 */
public record Part(String name, String method, Attachment attachment) {}
