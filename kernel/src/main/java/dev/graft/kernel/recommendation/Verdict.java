package dev.graft.kernel.recommendation;

import dev.graft.spi.method.MethodProvider;

/**
 * What became of one technique.
 *
 * @param method the technique
 * @param possible whether it could be chosen
 * @param reason why or why not, in a few words
 */
public record Verdict(MethodProvider<?> method, boolean possible, String reason) {}
