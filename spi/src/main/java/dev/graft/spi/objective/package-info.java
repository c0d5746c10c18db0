/** Losses, the data they need, and their figures. */
package dev.graft.spi.objective;
