/** Stochastic gradient descent. */
package dev.graft.optimizers.sgd;
