/** Differentiable tensors, their scopes, and random numbers. */
package dev.graft.spi.tensor;
