/** Rules for optimizers. */
package dev.graft.tck.optimizer;
