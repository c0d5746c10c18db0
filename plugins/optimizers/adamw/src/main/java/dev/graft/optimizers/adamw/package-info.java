/** Adam with decoupled weight decay. */
package dev.graft.optimizers.adamw;
